import { describe, expect, test } from "bun:test";
import { readEscapes } from "../../../cli/escapes.ts";

describe("readEscapes", () => {
  test.each([
    ["vi main.go\\n", "vi main.go\n"],
    ["\\r\\t\\e\\b", "\r\t\x1b\b"],
    ["\\x1b:wq\\n", "\x1b:wq\n"],
    ["\\xe4", "ä"],
    ["\\u{1F642}\\u{e4}", "🙂ä"],
    ["a\\\\n", "a\\n"],
    ["plain äöß 🙂", "plain äöß 🙂"],
    ["", ""],
  ])("reads %j", (text, expected) => {
    expect(readEscapes(text)).toBe(expected);
  });

  test.each([
    ["a\\qb", "\\q at character 2"],
    ["tail\\", "\\ at the end at character 5"],
    ["\\x1", "\\x1 at character 1"],
    ["\\xZZ", "\\xZZ"],
    ["\\u{110000}", "\\u{110000}"],
    ["\\u{d800}", "\\u{d800}"],
    ["\\u0041", "\\u"],
    ["\\🙂", "\\🙂"],
    ["\\constructor", "\\c"],
  ])("refuses %j and names it", (text, named) => {
    expect(() => readEscapes(text)).toThrow(named);
    expect(() => readEscapes(text)).toThrow(
      expect.objectContaining({ code: "usage", hint: expect.stringContaining("--literal") }),
    );
  });
});
