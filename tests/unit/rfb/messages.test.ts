import { expect, test } from "bun:test";
import { bytes, connectedClient, rectangle, u16, u32, update } from "./harness.ts";

test("a fence that asks is answered with its payload; an answer is passed on", () => {
  const { client, said } = connectedClient(2, 2);
  client.push(bytes([248, 0, 0, 0], u32(0x8000_0003), [2, 7, 8]));
  expect(client.fences).toBe(true);
  expect(said.sent).toEqual([bytes([248, 0, 0, 0], u32(3), [2, 7, 8])]);
  client.push(bytes([248, 0, 0, 0], u32(1), [1, 5]));
  expect(said.fences).toEqual([Uint8Array.of(5)]);
});

test("bell, clipboard and colour maps leave the stream in step", () => {
  const { client, said } = connectedClient(2, 2);
  client.push(bytes([1, 0], u16(0, 2), new Uint8Array(12)));
  client.push(bytes([2], [3, 0, 0, 0], u32(2), "hi", [2]));
  expect(said).toMatchObject({ bells: 2, texts: ["hi"] });
});

test("what nobody listens to leaves the stream in step", () => {
  const { client, said } = connectedClient(2, 2, { deaf: true });
  const cursor = rectangle([0, 0, 1, 1], -239, new Uint8Array(5));
  client.push(bytes([1, 0], u16(0, 2), new Uint8Array(12), [2], [3, 0, 0, 0], u32(2), "hi"));
  client.push(update(cursor, rectangle([5, 6, 0, 0], 0x574d_5666)));
  client.push(update());
  expect(said.updates).toBe(2);
});

test("keys go out as one run of bytes, in order", () => {
  const { client, said } = connectedClient(2, 2);
  client.keys([
    { keysym: 0x61, down: true },
    { keysym: 0x0100_20ac, down: false },
  ]);
  expect(said.sent).toEqual([bytes([4, 1, 0, 0], u32(0x61), [4, 0, 0, 0], u32(0x0100_20ac))]);
});

test("a new size is asked for with the screen that the server has named", () => {
  const { client, said } = connectedClient(2, 2);
  const screen = bytes([1, 0, 0, 0], u32(77), u16(0, 0, 2, 2), u32(0));
  client.push(update(rectangle([0, 0, 2, 2], -308, screen)));
  client.setDesktopSize(800, 600);
  const asked = bytes([251, 0], u16(800, 600), [1, 0], u32(77), u16(0, 0, 800, 600), u32(0));
  expect(said.sent.at(-1)).toEqual(asked);
});

const broken: [string, Uint8Array, string][] = [
  ["an unknown message", Uint8Array.of(99), "unknown type 99"],
  ["a rectangle outside", update(rectangle([1, 0, 2, 1], 0)), "2x1 at (1, 0) leaves"],
  ["CopyRect from outside", update(rectangle([0, 0, 2, 1], 1, u16(1, 0))), "leaves the desktop"],
  ["an encoding never asked for", update(rectangle([0, 0, 1, 1], 7)), "encoding 7"],
  ["a huge clipboard", bytes([3, 0, 0, 0], u32(2_000_000)), "over the limit of 1048576"],
  ["a huge cursor", update(rectangle([0, 0, 2000, 1], -239)), "2000x1 is too large"],
  ["a huge new size", update(rectangle([0, 0, 65_535, 1], -223)), "impossible size, 65535x1"],
  ["a long fence", bytes([248, 0, 0, 0], u32(0), [65]), "over the limit of 64"],
  ["a huge ZRLE", update(rectangle([0, 0, 2, 2], 16, u32(0x7fff_ffff))), "a ZRLE rectangle of"],
  [
    "drawing without end",
    update(...Array(17).fill(rectangle([0, 0, 2, 2], 1, u16(0, 0)))),
    "over and over",
  ],
];
for (const [what, stream, message] of broken) {
  test(`${what} is an error that says so`, () => {
    const { client } = connectedClient(2, 2);
    expect(() => client.push(stream)).toThrow(message);
  });
}

test("a ninth button goes in a second byte, to a server that has said that it reads one", () => {
  const { client, said } = connectedClient(2, 2);
  expect(() => client.pointer(1, 1, 1 << 8)).toThrow("no more than eight mouse buttons");
  client.pointer(1, 1, 1 << 7);
  client.push(update(rectangle([0, 0, 0, 0], -316)));
  said.sent.length = 0;
  client.pointer(1, 1, 1 << 8);
  client.pointer(1, 1, 1);
  expect(said.sent).toEqual([bytes([5, 0x80], u16(1, 1), [2]), bytes([5, 1], u16(1, 1))]);
});

test("an extended clipboard is announced only, and leaves the stream in step", () => {
  const { client, said } = connectedClient(2, 2);
  const caps = 0x1f00_0001;
  client.push(bytes([3, 0, 0, 0], u32(-8 >>> 0), u32(caps), u32(1000), [2]));
  expect(said.sent).toEqual([bytes([6, 0, 0, 0], u32(-8 >>> 0), u32(0x0900_0001), u32(0))]);
  client.push(bytes([3, 0, 0, 0], u32(-4 >>> 0), u32(0x0800_0001), [2]));
  expect(said).toMatchObject({ bells: 2, texts: [] });
});
