import { expect, test } from "bun:test";
import {
  inReadingOrder,
  intersection,
  isIn,
} from "../../../docker/workstation/runner/a11y/boxes.ts";

const box = (x: number, y: number, width = 50, height = 20) => ({ x, y, width, height });

test("siblings are read row by row, from the left to the right", () => {
  const all = [
    { name: "ok", box: box(200, 101) },
    { name: "title", box: box(0, 0, 300) },
    { name: "cancel", box: box(100, 104) },
    { name: "text", box: box(0, 50) },
  ];
  expect(inReadingOrder(all).map(({ name }) => name)).toEqual(["title", "text", "cancel", "ok"]);
  const unknown = [{ box: box(9, 9) }, { box: null }, { box: box(0, 0) }];
  expect(inReadingOrder(unknown)).toEqual(unknown);
});

test("boxes have in common what both have", () => {
  expect(intersection(box(0, 0), box(40, 10))).toEqual(box(40, 10, 10, 10));
  expect(intersection(box(0, 0), box(50, 0))).toBeNull();
  expect(isIn(box(40, 0), box(0, 0, 70, 70))).toBe(true);
  expect(isIn(box(60, 0), box(0, 0, 70, 70))).toBe(false);
});
