import { expect, test } from "bun:test";
import { HalvesReader } from "../../../../../daemon/perception/ocr/halves.ts";
import type { OcrPicture } from "../../../../../daemon/perception/ocr/reader.ts";

const calm = new AbortController().signal;

/** A picture with stripes of text in these rows, and a scroll bar at its right. */
function picture(width: number, height: number, isText: (row: number) => boolean): OcrPicture {
  const rgb = new Uint8Array(3 * width * height);
  for (let row = 0; row < height; row++) {
    if (isText(row)) rgb.fill(100 + (row % 90), 3 * (row * width + 50), 3 * (row * width + 60));
    rgb.fill(99, 3 * ((row + 1) * width - 12), 3 * (row + 1) * width);
  }
  return { width, height, rgb };
}

/** Says of each picture one line: its height and its first row's number, at its top. */
async function read(given: OcrPicture) {
  const heights: number[] = [];
  const reader = new HalvesReader({
    async read({ width, height, rgb }) {
      expect(rgb.length).toBe(3 * width * height);
      heights.push(height);
      const box = { x: 50, y: 3, width: 10, height: 10 };
      return { lines: [{ text: `${height}`, box, confidence: 1 }] };
    },
  });
  return { lines: (await reader.read(given, calm)).lines, heights };
}

test("a large picture is cut between lines of text; boxes are the whole picture's", async () => {
  const { heights, lines } = await read(picture(1000, 1000, (row) => row % 20 < 18));
  expect(heights[0]).toBeWithin(480, 520);
  expect((heights[0] ?? 0) % 20).toBeWithin(18, 20);
  expect((heights[0] ?? 0) + (heights[1] ?? 0)).toBe(1000);
  expect(lines.map(({ box }) => box.y)).toEqual([3, (heights[0] ?? 0) + 3]);
});

test("a small one, and one without a gap near its middle, are read whole", async () => {
  expect((await read(picture(100, 100, () => false))).heights).toEqual([100]);
  expect((await read(picture(1000, 1000, (row) => row > 300 && row < 700))).heights).toEqual([
    1000,
  ]);
});
