import { describe, expect, test } from "bun:test";
import { earlierLimits, pictureLimits } from "../../../../daemon/vendors/anthropic/limits.ts";
import { fitted, Geometry } from "../../../../daemon/vendors/geometry.ts";
import { pictureLimits as openAiLimits } from "../../../../daemon/vendors/openai/actions.ts";

const hd = { width: 1920, height: 1080 };
const uhd = { width: 3840, height: 2160 };

describe("a picture", () => {
  test.each([
    [hd, pictureLimits, hd],
    [uhd, pictureLimits, { width: 2000, height: 1125 }],
    [{ width: 2560, height: 2560 }, pictureLimits, { width: 1932, height: 1932 }],
    [{ width: 2160, height: 3840 }, pictureLimits, { width: 1125, height: 2000 }],
    [hd, earlierLimits, { width: 1430, height: 804 }],
    [{ width: 1024, height: 768 }, earlierLimits, { width: 1024, height: 768 }],
    [uhd, openAiLimits, uhd],
    [{ width: 7680, height: 4320 }, openAiLimits, { width: 4266, height: 2400 }],
  ])("of %j is made as large as it may be", (desktop, limits, size) => {
    expect(fitted(desktop, limits)).toEqual(size);
    expect(limits.takes(size)).toBe(true);
  });

  test("that is declared larger than it may be is refused", () => {
    expect(() => Geometry.of(uhd, pictureLimits, uhd)).toThrow("3840x2160 is not taken");
  });
});

describe("points", () => {
  const half = Geometry.of(hd, pictureLimits, { width: 960, height: 540 });
  const squeezed = Geometry.of(hd, pictureLimits, { width: 1024, height: 768 });

  test("of the picture are the middle of what the pixel shows", () => {
    expect(half.toDesktop({ x: 0, y: 0 })).toEqual({ x: 1, y: 1 });
    expect(half.toDesktop({ x: 959, y: 539 })).toEqual({ x: 1919, y: 1079 });
    expect(squeezed.toDesktop({ x: 512, y: 384 })).toEqual({ x: 960, y: 540 });
    expect(squeezed.toDesktop({ x: 1023.7, y: 0.4 })).toEqual({ x: 1919, y: 0 });
  });

  test.each([half, squeezed, Geometry.of(uhd, pictureLimits)])("go there and back", (geometry) => {
    for (const at of [0, 1, 77, 311, 500]) {
      const point = { x: at, y: at };
      expect(geometry.toPicture(geometry.toDesktop(point))).toEqual(point);
    }
  });

  test.each([
    [-1, 0],
    [0, 540],
    [960, 0],
    [Number.NaN, 0],
  ])("%d,%d outside of it are refused", (x, y) => {
    expect(() => half.toDesktop({ x, y })).toThrow("outside of the screen, which is 960x540");
  });
});

describe("a part of the picture", () => {
  const half = Geometry.of(hd, pictureLimits, { width: 960, height: 540 });

  test("is that of the desktop in all its pixels, as large as the picture", () => {
    const region = half.region({ x: 100, y: 200 }, { x: 400, y: 350 });
    expect(region).toEqual({ x: 200, y: 400, width: 600, height: 300 });
    expect(half.zoomed(region)).toEqual({ width: 960, height: 480 });
    expect(half.region({ x: 0, y: 0 }, { x: 960, y: 540 })).toEqual({ x: 0, y: 0, ...hd });
  });

  test.each([
    [
      { x: 10, y: 10 },
      { x: 10, y: 20 },
    ],
    [
      { x: 20, y: 10 },
      { x: 10, y: 20 },
    ],
    [
      { x: -1, y: 0 },
      { x: 10, y: 20 },
    ],
    [
      { x: 0, y: 0 },
      { x: 961, y: 20 },
    ],
  ])("from %j to %j is none", (from, to) => {
    expect(() => half.region(from, to)).toThrow("is no part of the screen");
  });
});
