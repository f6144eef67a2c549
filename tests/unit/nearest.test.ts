import { expect, test } from "bun:test";
import { editDistance, nearest } from "../../src/nearest.ts";

test.each([
  ["", "", 0],
  ["abc", "abc", 0],
  ["abc", "abd", 1],
  ["abc", "acb", 1],
  ["abc", "abcd", 1],
  ["", "abc", 3],
  ["retrun", "return", 1],
  ["kitten", "sitting", 3],
])("from %j to %j it takes %d edits", (a, b, edits) => {
  expect(editDistance(a, b)).toBe(edits);
  expect(editDistance(b, a)).toBe(edits);
});

test("the nearest come first, and what is too far not at all", () => {
  expect(nearest("escpe", ["Tab", "Escapes", "Escape"], 5)).toEqual(["Escape"]);
  expect(nearest("escapee", ["Tab", "Escapes", "Escap", "Escape"], 2)).toEqual([
    "Escape",
    "Escapes",
  ]);
  expect(nearest("", ["Tab"], 3)).toEqual([]);
  expect(nearest("xx", ["session", "exec"], 3)).toEqual([]);
  expect(nearest("frobnicate", ["session", "exec"], 3)).toEqual([]);
});

test("an unfinished word means what it begins", () => {
  expect(nearest("Scr", ["session", "screen", "exec"], 1)).toEqual(["screen"]);
  expect(nearest("sess", ["session new", "session"], 2)).toEqual(["session", "session new"]);
});
