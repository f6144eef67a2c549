import { expect, test } from "bun:test";
import { Outbox } from "../../../../daemon/display/outbox.ts";

test("keeps order through partial writes and a full socket", () => {
  let room = 3;
  const written: number[] = [];
  const outbox = new Outbox((bytes) => {
    const taken = Math.min(room, bytes.length);
    written.push(...bytes.subarray(0, taken));
    room -= taken;
    return taken;
  });
  outbox.send(Uint8Array.of(1, 2));
  outbox.send(Uint8Array.of(3, 4));
  outbox.send(Uint8Array.of(5));
  expect(written).toEqual([1, 2, 3]);
  room = 10;
  outbox.drain();
  expect(written).toEqual([1, 2, 3, 4, 5]);
});

test("a server that never reads is an error before it fills our memory", () => {
  const outbox = new Outbox(() => 0);
  const part = new Uint8Array(1024 * 1024);
  expect(() => {
    for (let i = 0; i < 17; i++) outbox.send(part);
  }).toThrow("no longer accepts input");
});
