import { expect, test } from "bun:test";
import { exactDuration, readDuration } from "../../src/duration.ts";

test.each([
  [0, "0 ms"],
  [500, "500 ms"],
  [1500, "1500 ms"],
  [90_000, "1 min 30 s"],
  [390_000, "6 min 30 s"],
  [120_000, "2 min"],
  [28_800_000, "8 h"],
  [2_592_000_000, "30 d"],
])("%d ms is %s", (ms, text) => {
  expect(exactDuration(ms)).toBe(text);
});

test.each([
  ["0", 0],
  ["500ms", 500],
  [".5s", 500],
  ["30s", 30_000],
  ["1.5m", 90_000],
  ["6m30s", 390_000],
  ["1d12h", 129_600_000],
  ["1h0.5m250ms", 3_630_250],
  ["1h60s30m", undefined],
  ["5s5s", undefined],
  ["6m30", undefined],
  ["30", undefined],
  ["", undefined],
  ["s", undefined],
  ["-1s", undefined],
])("%s is %p ms", (word, ms) => {
  expect(readDuration(word)).toBe(ms);
});
