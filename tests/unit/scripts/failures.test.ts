import { expect, test } from "bun:test";
import { summaryOf } from "../../../scripts/failures.ts";

const text = `
tests/integration/good.test.ts:
(pass) good [1.00ms]

tests/integration/bad.test.ts:
(pass) before [1.00ms]
a line that the test has printed
5 | test("plain", () => {
6 |   expect(1).toBe(2);
                ^
error: expect(received).toBe(expected)

Expected: 2
Received: 1

      at <anonymous> (bad.test.ts:6:14)
(fail) group > plain [0.12ms]
(fail) never [30.01ms]
  ^ this test timed out after 30ms.
(pass) after [1.00ms]

tests/integration/broken.test.ts:

# Unhandled error between tests
-------------------------------
error: Cannot find module './nowhere.ts'
-------------------------------

2 tests failed:
(fail) group > plain [0.12ms]
(fail) never [30.01ms]
  ^ this test timed out after 30ms.

 3 pass
 3 fail
 1 error
`;

test("each failed test is named once, with its file, after the errors of all", () => {
  const lines = summaryOf([{ title: "integration", code: 1, texts: ["", text] }]);
  expect(lines.slice(lines.indexOf("failed:"))).toEqual([
    "failed:",
    "  integration: tests/integration/bad.test.ts: group > plain [0.12ms]",
    "  integration: tests/integration/bad.test.ts: never [30.01ms]",
    "  integration: tests/integration/broken.test.ts: an error between tests",
  ]);
  const shown = lines.slice(0, lines.indexOf("failed:")).join("\n");
  expect(shown).toContain("> plain [0.12ms]\na line that the test has printed\n5 | test(");
  expect(shown).toContain("Expected: 2\nReceived: 1\n      at <anonymous> (bad.test.ts:6:14)\n");
  expect(shown).toContain("never [30.01ms]\n  ^ this test timed out after 30ms.\n");
  expect(shown).toContain("error: Cannot find module './nowhere.ts'\n");
  expect(shown).not.toContain("good");
});

test("a long error keeps its beginning and its end, and what came before it goes", () => {
  const noise = Array.from({ length: 100 }, (_, at) => `log ${at}`);
  const diff = Array.from({ length: 100 }, (_, at) => `+ ${at}`);
  const error = [...noise, "6 | source", "error: not equal", ...diff, "(fail) long", " 1 fail"];
  const lines = summaryOf([{ title: "e2e", code: 1, texts: [error.join("\n")] }]);
  expect(lines).toContain("error: not equal");
  expect(lines).toContain("+ 0");
  expect(lines).toContain("… 68 lines");
  expect(lines).toContain("+ 99");
  expect(lines).not.toContain("log 90");
  expect(lines.length).toBeLessThan(50);
});

test("of very many failures all are named", () => {
  const one = (at: number) => `${"line\n".repeat(100)}(fail) test ${at}\n`;
  const text = `${Array.from({ length: 60 }, (_, at) => one(at)).join("")} 60 fail\n`;
  const lines = summaryOf([{ title: "unit", code: 1, texts: [text] }]);
  expect(lines.length).toBeLessThan(500);
  expect(lines.filter((line) => /^ {2}unit: test \d+$/.test(line))).toHaveLength(60);
});

test("of a suite that died, or has no tests, the end of its output is shown", () => {
  const output = Array.from({ length: 100 }, (_, at) => `line ${at}`).join("\n");
  const [died, chaos] = [
    { title: "e2e", code: 139, texts: [output, `(fail) one\nSegmentation fault\n`] },
    { title: "chaos", code: 1, texts: [`${output}\n 0 pass\n 1 fail\n`, ""] },
  ];
  const lines = summaryOf([died, chaos]);
  expect(lines.slice(lines.indexOf("failed:") + 1)).toEqual([
    "  e2e: one",
    "  e2e: exit code 139, the end of its output",
    "  chaos: exit code 1, the end of its output",
  ]);
  expect(lines).toContain("line 99");
  expect(lines).toContain("Segmentation fault");
  expect(lines).not.toContain("line 60");
});

test("nothing is said when nothing failed", () => {
  expect(summaryOf([])).toEqual([]);
});
