import { describe, expect, test } from "bun:test";
import { compare } from "../../../../../daemon/perception/diff/compare.ts";
import type { Raster } from "../../../../../daemon/perception/diff/raster.ts";

const [width, height] = [200, 100];
const black = (): Raster => ({ width, height, words: new Uint32Array(width * height) });

/** Black, but for these parts. */
function painted(...parts: [x: number, y: number, width: number, height: number][]): Raster {
  const raster = black();
  for (const [x, y, wide, high] of parts) {
    for (let row = y; row < y + high; row++) {
      raster.words.fill(1, row * width + x, row * width + x + wide);
    }
  }
  return raster;
}

describe("two rasters", () => {
  test("that are equal do not differ", () => {
    expect(compare(black(), black(), [])).toMatchObject({
      changed: 0,
      compared: 20_000,
      boxes: [],
    });
  });

  test("differ in boxes that fit tightly; what is near is one box, what is apart are several", () => {
    const { changed, boxes } = compare(black(), painted([3, 5, 40, 9], [150, 70, 1, 1]), []);
    expect(changed).toBe(361);
    expect(boxes).toEqual([
      { x: 3, y: 5, width: 40, height: 9 },
      { x: 150, y: 70, width: 1, height: 1 },
    ]);
  });

  test("differ to their edges", () => {
    const { boxes } = compare(black(), painted([0, 0, 1, 1], [199, 99, 1, 1]), []);
    expect(boxes).toEqual([
      { x: 0, y: 0, width: 1, height: 1 },
      { x: 199, y: 99, width: 1, height: 1 },
    ]);
  });

  test("do not differ under a mask, which may reach over the edge", () => {
    const now = painted([150, 70, 50, 30], [3, 3, 1, 1]);
    const masks = [{ x: 150, y: 70, width: 500, height: 500 }];
    const { changed, compared, boxes } = compare(black(), now, masks);
    expect({ changed, compared }).toEqual({ changed: 1, compared: 18_500 });
    expect(boxes).toEqual([{ x: 3, y: 3, width: 1, height: 1 }]);
    const outside = [{ x: 300, y: 0, width: 5, height: 5 }];
    expect(compare(black(), now, outside)).toMatchObject({ changed: 1501, compared: 20_000 });
  });

  test("that differ everywhere in places of their own have no endless list of boxes", () => {
    const places = Array.from({ length: 18 }, (_, at) => at);
    const parts = places.map((at): [number, number, number, number] => [
      (at % 6) * 33,
      Math.floor(at / 6) * 33,
      1,
      1,
    ]);
    expect(compare(black(), painted(...parts), []).boxes.length).toBe(18);
    const large: Raster = { width: 2000, height: 33, words: new Uint32Array(66_000) };
    const dotted: Raster = { ...large, words: large.words.map((_, at) => (at % 33 === 0 ? 1 : 0)) };
    const { boxes, changed } = compare(large, dotted, []);
    expect(boxes.length).toBeLessThanOrEqual(32);
    expect(changed).toBe(2000);
  });
});
