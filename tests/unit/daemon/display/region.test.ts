import { expect, test } from "bun:test";
import { checkInside, overlaps } from "../../../../daemon/display/region.ts";
import { scaled } from "../../../../daemon/display/scale.ts";

const region = (x: number, y: number, width: number, height: number) => ({ x, y, width, height });
const desktop = { width: 1920, height: 1080 };

test("regions that share a pixel overlap; neighbours do not", () => {
  expect(overlaps(region(0, 0, 10, 10), region(9, 9, 5, 5))).toBe(true);
  expect(overlaps(region(0, 0, 10, 10), region(10, 0, 5, 5))).toBe(false);
  expect(overlaps(region(0, 0, 10, 10), region(0, 10, 5, 5))).toBe(false);
});

test("a region outside is a usage error that names the desktop's size", () => {
  checkInside(region(0, 0, 1920, 1080), desktop);
  for (const bad of [region(1, 0, 1920, 1), region(-1, 0, 5, 5), region(0, 0, 0, 1)]) {
    expect(() => checkInside(bad, desktop)).toThrow("1920x1080");
  }
  expect(() => checkInside(region(0.5, 0, 1, 1), desktop)).toThrow("not inside");
});

test("a scale is a factor or a box, keeps the aspect, and never enlarges", () => {
  expect(scaled(desktop, undefined)).toEqual(desktop);
  expect(scaled(desktop, "0.5")).toEqual({ width: 960, height: 540 });
  expect(scaled(desktop, ".25")).toEqual({ width: 480, height: 270 });
  expect(scaled(desktop, "640x640")).toEqual({ width: 640, height: 360 });
  expect(scaled(desktop, "4000x4000")).toEqual(desktop);
  expect(scaled({ width: 1000, height: 1 }, "0.1")).toEqual({ width: 100, height: 1 });
  for (const bad of ["0", "2", "x", "0x5", "-1", "1e-3", ""]) {
    expect(() => scaled(desktop, bad)).toThrow("invalid scale");
  }
});
