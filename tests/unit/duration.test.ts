import { expect, test } from "bun:test";
import { exactDuration } from "../../src/duration.ts";

test.each([
  [0, "0 ms"],
  [500, "500 ms"],
  [1500, "1500 ms"],
  [90_000, "90 s"],
  [120_000, "2 min"],
  [28_800_000, "8 h"],
  [2_592_000_000, "30 d"],
])("%d ms is %s", (ms, text) => {
  expect(exactDuration(ms)).toBe(text);
});
