import { expect, test } from "bun:test";
import { readCondition } from "../../../cli/conditions.ts";
import { waitCondition } from "../../../src/contract/wait.ts";

test.each([
  ["prompt", { prompt: true }],
  ["change", { change: true }],
  ["stable", { stableMs: 300 }],
  ["stable=1s", { stableMs: 1000 }],
  ["text=a=b", { text: ["a=b"] }],
  ["gone=Loading", { gone: ["Loading"] }],
])("%s is a condition of the API", (word, expected) => {
  expect(readCondition(word)).toEqual(expected);
  expect(waitCondition.safeParse(readCondition(word)).success).toBe(true);
});

test.each(["", "text", "text=", "prompt=1", "stable=x", "later"])("%j is refused", (word) => {
  expect(() => readCondition(word)).toThrow(expect.objectContaining({ code: "usage" }));
});
