import { expect, test } from "bun:test";
import { ChunkReader, readU8, readU32 } from "../../../src/rfb/reader.ts";

test("gives a program exactly what it asks for, however the bytes come", () => {
  for (const cut of [1, 2, 3, 6, 10]) {
    const seen: unknown[] = [];
    const reader = new ChunkReader(
      (function* () {
        seen.push(yield* readU8());
        seen.push((yield 0).length);
        seen.push(yield* readU32());
        seen.push(Array.from(yield 3));
      })(),
    );
    const bytes = Uint8Array.of(7, 0, 0, 1, 0, 1, 2, 3, 9, 9);
    for (let at = 0; at < bytes.length; at += cut) reader.push(bytes.subarray(at, at + cut));
    expect(seen).toEqual([7, 0, 256, [1, 2, 3]]);
  }
});

test("reads across many chunks, empty ones among them", () => {
  let sum = 0;
  const reader = new ChunkReader(
    (function* () {
      for (;;) for (const byte of yield 1000) sum += byte;
    })(),
  );
  for (let i = 0; i < 3000; i++) reader.push(new Uint8Array(i % 3).fill(1));
  expect(sum).toBe(3000);
});
