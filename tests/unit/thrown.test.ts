import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { codeOf, messageOf } from "../../src/thrown.ts";

function thrownBy(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}

test("a system call's error has a code and a message", () => {
  const thrown = thrownBy(() => readFileSync("/not/there"));
  expect(codeOf(thrown)).toBe("ENOENT");
  expect(messageOf(thrown)).toContain("no such file or directory");
});

test.each([
  [new Error("why"), "", "why"],
  [{ code: 7 }, "7", "[object Object]"],
  ["text", "", "text"],
  [null, "", "null"],
  [undefined, "", "undefined"],
])("whatever is thrown has some: %p", (thrown, code, message) => {
  expect([codeOf(thrown), messageOf(thrown)]).toEqual([code, message]);
});
