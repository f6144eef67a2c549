import { describe, expect, test } from "bun:test";
import { piecesOf } from "../../../../daemon/input/pieces.ts";

const cut = (text: string, delayMs?: number) =>
  piecesOf(text, delayMs).map(({ text, isKey }) => (isKey ? [text] : text));

describe("a text is cut", () => {
  test("nowhere, when it has no keys of their own", () => {
    const text = "int main() {\r\n\treturn 0; // äöß 漢 🙂\n}\b\x7f";
    expect(cut(text)).toEqual([text]);
    expect(cut("")).toEqual([]);
  });

  test("around each control character, and what may belong to it", () => {
    expect(cut("echo hi\x02c\n")).toEqual(["echo hi", ["\x02"], ["c"], "\n"]);
    expect(cut("\x18\x18y\n\x04")).toEqual([["\x18"], ["\x18"], ["y"], "\n", ["\x04"]]);
    expect(cut("ione\x1b:wq\n")).toEqual(["ione", ["\x1b"], [":"], "wq\n"]);
  });

  test("not in a control sequence", () => {
    expect(cut("a\x1b[200~one\ntwo\x1b[201~b\x1bOc")).toEqual([
      "a\x1b[200~one\ntwo\x1b[201~b",
      ["\x1b"],
      ["O"],
      "c",
    ]);
  });

  test("with a delay at each character, and without any at none", () => {
    expect(cut("a\x02🙂\r\n", 5)).toEqual([["a"], ["\x02"], ["🙂"], ["\r"]]);
    expect(cut("a\x02b", 0)).toEqual(["a\x02b"]);
  });
});
