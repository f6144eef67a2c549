import { expect, test } from "bun:test";
import { editDistance, nearest } from "../../../cli/nearest.ts";

test.each([
  ["", "", 0],
  ["kitten", "sitting", 3],
  ["screne", "screen", 1],
  ["abc", "", 3],
])("the distance of %j and %j is %d", (a, b, distance) => {
  expect(editDistance(a, b)).toBe(distance);
});

test("finds a typo and an unfinished word, and nothing far away", () => {
  const candidates = ["session", "screen", "exec"];
  expect(nearest("sesion", candidates)).toBe("session");
  expect(nearest("scr", candidates)).toBe("screen");
  expect(nearest("xx", candidates)).toBeUndefined();
  expect(nearest("frobnicate", candidates)).toBeUndefined();
});
