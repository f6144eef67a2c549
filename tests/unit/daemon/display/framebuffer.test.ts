import { describe, expect, test } from "bun:test";
import { BandHashes, revOf } from "../../../../daemon/display/band-hashes.ts";
import { PixelBuffer } from "../../../../daemon/display/framebuffer.ts";

const row = (...words: number[]) => Uint32Array.from(words);

describe("a framebuffer", () => {
  test("reports the bounds of what has really changed, by rectangle", () => {
    const buffer = new PixelBuffer(8, 4);
    buffer.putRow(1, 1, row(0, 5, 0), 0, 3);
    buffer.putRow(1, 2, row(0, 0, 5), 0, 3);
    buffer.endRectangle();
    buffer.putRow(7, 3, row(9), 0, 1);
    buffer.endRectangle();
    expect(buffer.takeChanges()).toEqual([
      { x: 2, y: 1, width: 2, height: 2 },
      { x: 7, y: 3, width: 1, height: 1 },
    ]);
    expect(buffer.takeChanges()).toEqual([]);
  });

  test("equal pixels sent again are no change, whatever their alpha", () => {
    const buffer = new PixelBuffer(2, 1);
    buffer.putRow(0, 0, row(7, 8), 0, 2);
    buffer.endRectangle();
    buffer.takeChanges();
    buffer.putRow(0, 0, row(0xab00_0007, 8), 0, 2);
    buffer.endRectangle();
    expect(buffer.takeChanges()).toEqual([]);
  });

  test("copies overlapping rectangles in every direction", () => {
    for (const [dx, dy] of [
      [1, 1],
      [-1, 1],
      [1, -1],
      [-1, -1],
      [0, 1],
      [1, 0],
    ] as const) {
      const buffer = new PixelBuffer(5, 5);
      const before = Uint32Array.from({ length: 25 }, (_, i) => i + 1);
      for (let y = 0; y < 5; y++) buffer.putRow(0, y, before, 5 * y, 5);
      buffer.copy({ x: 1, y: 1 }, { x: 1 + dx, y: 1 + dy, width: 3, height: 3 });
      const after = new Uint32Array(buffer.pixels.buffer).map((word) => word & 0xff);
      for (let y = 1; y < 4; y++) {
        for (let x = 1; x < 4; x++) {
          expect(after[5 * (y + dy) + x + dx]).toBe(before[5 * y + x] as number);
        }
      }
    }
  });

  test("many changed regions become their bounds", () => {
    const buffer = new PixelBuffer(100, 100);
    for (let i = 0; i < 100; i++) {
      buffer.putRow(i, i, row(1), 0, 1);
      buffer.endRectangle();
    }
    const regions = buffer.takeChanges();
    expect(regions.length).toBeLessThanOrEqual(64);
    expect(regions[0]).toMatchObject({ x: 0, y: 0 });
  });
});

test("hashes that are kept of bands that have not changed are those of the pixels", () => {
  const buffer = new PixelBuffer(20, 200);
  const kept = new BandHashes(7n);
  const revs = new Set<string>();
  for (const y of [0, 44, 45, 100, 179, 180, 199, 44]) {
    buffer.putRow(y % 20, y, row(y + revs.size + 1), 0, 1);
    expect(revOf(buffer, kept)).toBe(revOf(buffer, new BandHashes(7n)));
    revs.add(revOf(buffer, kept));
  }
  expect(revs.size).toBe(8);
  const resized = buffer.resized(20, 100);
  expect(revOf(resized, kept)).toBe(revOf(resized, new BandHashes(7n)));
});

describe("a rev", () => {
  test("is 16 hex digits of the pixels and of the size", () => {
    const wide = new PixelBuffer(4, 2);
    expect(revOf(wide)).toMatch(/^[0-9a-f]{16}$/);
    expect(revOf(wide)).toBe(revOf(new PixelBuffer(4, 2)));
    expect(revOf(wide)).not.toBe(revOf(new PixelBuffer(2, 4)));
    const before = revOf(wide);
    wide.putRow(3, 1, row(1), 0, 1);
    expect(revOf(wide)).not.toBe(before);
    wide.putRow(3, 1, row(0), 0, 1);
    expect(revOf(wide)).toBe(before);
  });
});
