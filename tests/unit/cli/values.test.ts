import { describe, expect, test } from "bun:test";
import { readBytes, readValue } from "../../../cli/values.ts";
import type { Flag, ValueKind } from "../../../cli/verb.ts";

const flag = (kind: ValueKind, more: Partial<Flag> = {}): Flag => ({
  field: "it",
  name: "it",
  kind,
  repeatable: false,
  local: false,
  ...more,
});

test.each([
  ["512m", 512 * 1024 ** 2],
  ["2g", 2 * 1024 ** 3],
  ["1.5GiB", 1.5 * 1024 ** 3],
  ["100", 100],
  ["4KB", 4096],
])("a size of %s is %d bytes", (word, expected) => {
  expect(readBytes(word)).toBe(expected);
});

describe("readValue", () => {
  test("gives each kind in the unit that is sent", () => {
    expect(readValue(flag("size"), "1920x1080")).toEqual({ width: 1920, height: 1080 });
    const region = { x: 1, y: 2, width: 3, height: 4 };
    expect(readValue(flag("region"), "1,2,3,4")).toEqual(region);
    expect(readValue(flag("env"), "A=b=c")).toEqual(["A", "b=c"]);
    expect(readValue(flag("integer"), "42")).toBe(42);
    expect(readValue(flag("number"), "0.5")).toBe(0.5);
  });

  test.each<[ValueKind, string, string]>([
    ["size", "1920", "WIDTHxHEIGHT"],
    ["region", "1,2,3", "X,Y,WIDTH,HEIGHT"],
    ["env", "1A=b", "NAME=VALUE"],
    ["integer", "1.5", "whole number"],
    ["bytes", "2q", "512m"],
    ["duration", "soon", "500ms"],
  ])("a wrong %s names the flag and says what it takes", (kind, word, accepted) => {
    const read = () => readValue(flag(kind), word);
    expect(read).toThrow(`invalid value "${word}" for --it`);
    expect(read).toThrow(expect.objectContaining({ hint: expect.stringContaining(accepted) }));
  });

  test("refuses what is out of range or no choice", () => {
    const hinted = (hint: string) => expect.objectContaining({ hint });
    const read = (it: Flag, word: string) => () => readValue(it, word);
    expect(read(flag("integer", { range: [1, 10] }), "11")).toThrow(hinted("expected 1 to 10"));
    expect(read(flag("text", { choices: ["full", "none"] }), "half")).toThrow(
      hinted("expected one of full, none"),
    );
  });
});
