import { describe, expect, test } from "bun:test";
import { constants, deflateRawSync, deflateSync } from "node:zlib";
import { connectedClient, hexPixels, rectangle, u16, u32, update } from "./harness.ts";

const red = [255, 0, 0];
const green = [0, 255, 0];
const blue = [0, 0, 255];
const R = "ff0000ff";
const G = "00ff00ff";
const B = "0000ffff";
const K = "000000ff";

/** What a server's zlib stream gives for `data` after `before`, up to a sync flush. */
function deflated(data: number[], before: number[] = []): Uint8Array {
  const options = { finishFlush: constants.Z_SYNC_FLUSH };
  if (before.length === 0) return deflateSync(Uint8Array.from(data), options);
  return deflateRawSync(Uint8Array.from(data), { ...options, dictionary: Buffer.from(before) });
}

function zrle(area: [number, number, number, number], data: number[], before?: number[]) {
  const body = deflated(data, before);
  return rectangle(area, 16, u32(body.length), body);
}

/** The pixels of a display of this size after one ZRLE rectangle over all of it. */
function afterTile(width: number, height: number, data: number[]): string[] {
  const { client, said } = connectedClient(width, height);
  client.push(update(zrle([0, 0, width, height], data)));
  return hexPixels(said.buffer.pixels);
}

test("Raw takes R G B and sets alpha itself", () => {
  const { client, said } = connectedClient(2, 2);
  client.push(update(rectangle([1, 0, 1, 2], 0, [1, 2, 3, 0, 4, 5, 6, 7])));
  expect(hexPixels(said.buffer.pixels)).toEqual([K, "010203ff", K, "040506ff"]);
});

test("CopyRect moves pixels, also onto themselves", () => {
  const { client, said } = connectedClient(4, 1);
  const raw = [...red, 0, ...green, 0, ...blue, 0, ...red, 0];
  client.push(update(rectangle([0, 0, 4, 1], 0, raw)));
  client.push(update(rectangle([1, 0, 3, 1], 1, u16(0, 0))));
  expect(hexPixels(said.buffer.pixels)).toEqual([R, R, G, B]);
});

describe("ZRLE", () => {
  test("raw tile", () => {
    expect(afterTile(2, 1, [0, ...red, ...blue])).toEqual([R, B]);
  });
  test("solid tile", () => {
    expect(afterTile(2, 2, [1, ...green])).toEqual([G, G, G, G]);
  });
  test("packed palette: 1, 2 and 4 bits, rows padded to a byte", () => {
    expect(afterTile(3, 2, [2, ...red, ...green, 0b0100_0000, 0b1010_0000])).toEqual([
      R,
      G,
      R,
      G,
      R,
      G,
    ]);
    expect(afterTile(2, 1, [3, ...red, ...green, ...blue, 0b1001_0000])).toEqual([B, G]);
    const five = [5, ...red, ...green, ...blue, ...red, ...green];
    expect(afterTile(2, 1, [...five, 0x42])).toEqual([G, B]);
  });
  test("plain RLE, with a run over 255", () => {
    const pixels = afterTile(30, 10, [128, ...red, 255, 2, ...blue, 41]);
    expect(pixels.lastIndexOf(R)).toBe(257);
    expect(pixels.slice(258)).toEqual(Array(42).fill(B));
  });
  test("palette RLE: single pixels and runs", () => {
    const data = [130, ...red, ...green, 0, 0x81, 2, 0];
    expect(afterTile(5, 1, data)).toEqual([R, G, G, G, R]);
  });
  test("tiles go from left to right, then down, the last ones smaller", () => {
    const pixels = afterTile(65, 65, [1, ...red, 1, ...green, 1, ...blue, 1, 9, 9, 9]);
    const at = (x: number, y: number) => pixels[65 * y + x];
    expect([at(63, 63), at(64, 63), at(63, 64), at(64, 64)]).toEqual([R, G, B, "090909ff"]);
  });
  test("one zlib stream serves all rectangles", () => {
    const { client, said } = connectedClient(40, 1);
    const noise = Array.from({ length: 121 }, (_, i) => (i === 0 ? 0 : (i * 97) % 251));
    const before: number[] = [];
    for (let i = 0; i < 400; i++) {
      const data = noise.map((value, at) => (at === i % 120 ? 0 : value));
      client.push(update(zrle([0, 0, 40, 1], [0, ...data.slice(1)], before)));
      before.push(0, ...data.slice(1));
      before.splice(0, before.length - 32_768);
    }
    const last = noise.slice(4, 7);
    expect(hexPixels(said.buffer.pixels)[1]).toBe(`${Buffer.from(last).toString("hex")}ff`);
  });

  const broken: [string, number[], string][] = [
    ["unknown tile", [17], "no tile of type 17"],
    ["a run over its tile's end", [128, ...red, 9], "leaves its tile"],
    ["a colour beyond the palette", [3, ...red, ...red, ...red, 0xff], "has no colour 3"],
    ["too few bytes", [0, ...red], "ends inside a tile"],
    ["too many bytes", [1, ...red, 1, 2, 3], "3 bytes too many"],
    ["a bomb", new Array(1_000_000).fill(0), "corrupt"],
  ];
  for (const [what, data, message] of broken) {
    test(`${what} is an error`, () => {
      expect(() => afterTile(2, 1, data)).toThrow(message);
    });
  }
  test("bytes that are no zlib stream are an error", () => {
    const { client } = connectedClient(2, 2);
    const body = update(rectangle([0, 0, 2, 2], 16, u32(4), [1, 2, 3, 4]));
    expect(() => client.push(body)).toThrow("do not start as a zlib stream");
  });
});

describe("pseudo-encodings", () => {
  test("Cursor: a shape with its mask, not part of the pixels", () => {
    const { client, said } = connectedClient(4, 4);
    const shape = [...red, 0, ...green, 0];
    client.push(update(rectangle([1, 0, 2, 1], -239, shape, [0b0100_0000])));
    const [cursor] = said.cursors;
    expect(cursor).toMatchObject({ width: 2, height: 1, hotX: 1, hotY: 0 });
    expect(hexPixels(cursor?.pixels ?? new Uint8Array())).toEqual(["ff000000", "00ff00ff"]);
    expect(said.buffer.takeChanges()).toHaveLength(1);
  });
  test("DesktopSize: keeps what fits and asks for the whole new desktop", () => {
    const { client, said } = connectedClient(2, 1);
    client.push(update(rectangle([0, 0, 2, 1], 0, [...red, 0, ...green, 0])));
    expect(said.complete).toBe(true);
    said.sent.length = 0;
    client.push(update(rectangle([0, 0, 1, 2], -223)));
    expect(hexPixels(said.buffer.pixels)).toEqual([R, K]);
    expect(said.complete).toBe(false);
    expect(said.sent.at(-1)).toEqual(Uint8Array.from([3, 0, ...u16(0, 0, 1, 2)]));
  });
  test("ExtendedDesktopSize: a refusal is told and changes nothing", () => {
    const { client, said } = connectedClient(2, 1);
    client.push(update(rectangle([1, 3, 9, 9], -308, [0, 0, 0, 0])));
    expect(said.answers).toEqual([3]);
    expect(said.sizes).toEqual(["2x1"]);
  });
  test("LastRect ends an update of unknown length", () => {
    const { client, said } = connectedClient(2, 1);
    client.push(Uint8Array.of(0, 0, 0xff, 0xff));
    client.push(rectangle([0, 0, 1, 1], 0, [...red, 0]));
    client.push(rectangle([0, 0, 0, 0], -224));
    expect(said.updates).toBe(1);
  });
});
