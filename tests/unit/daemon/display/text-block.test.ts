import { describe, expect, test } from "bun:test";
import { terminalText } from "../../../../daemon/display/text-block.ts";
import { TextRevs } from "../../../../daemon/display/text-revs.ts";
import { screenOptions } from "../../../../src/contract/screen.ts";
import { compilePattern } from "../../../../src/pattern.ts";
import type { RunnerTerminal } from "../../../../src/runner/protocol.ts";

const terminal = (lines: string[], its: Partial<RunnerTerminal> = {}): RunnerTerminal => ({
  id: "t0",
  seq: 1,
  columns: 80,
  rows: lines.length,
  lines,
  cursor: { x: 0, y: 0, visible: true },
  title: "",
  alternate: false,
  degraded: null,
  prompt: true,
  exitStatus: 0,
  lastCommand: { ordinal: 1, line: "ls", running: false, exitStatus: 0 },
  command: "bash",
  inputBytes: 0,
  input: null,
  output: null,
  marks: null,
  ...its,
});
const revs = new TextRevs();
const look = (of: RunnerTerminal, asked: object = {}) =>
  terminalText(of, screenOptions.parse(asked), revs, async (pattern, texts) =>
    texts.map((text) => compilePattern(pattern).test(text)),
  );
const screen = ["one", "", "", "two", "~", "~", "three", ""];

describe("of a screen", () => {
  test("all rows are given as they are, unless asked otherwise", async () => {
    const { lines, rows, cursor, marks, degraded } = await look(terminal(screen));
    expect({ lines, rows, cursor, marks, degraded }).toEqual({
      lines: screen,
      rows: null,
      cursor: null,
      marks: null,
      degraded: null,
    });
  });

  test.each([
    [{ tail: 2 }, ["~", "three"], [6, 7]],
    [{ tail: 99 }, screen.slice(0, 7), [1, 2, 3, 4, 5, 6, 7]],
    [{ grep: "(?i)^T" }, ["two", "three"], [4, 7]],
    [{ grep: "^$" }, ["", "", ""], [2, 3, 8]],
    [{ grep: "nothing" }, [], []],
    [{ compact: true }, ["one", "", "two", "~", "three", ""], [1, 2, 4, 5, 7, 8]],
    [{ compact: true, tail: 3 }, ["two", "~", "three"], [4, 5, 7]],
    [{ grep: "t", tail: 1 }, ["three"], [7]],
  ])("%j gives the rows that are wanted, with their numbers", async (asked, lines, rows) => {
    expect(await look(terminal(screen), asked)).toMatchObject({ lines, rows });
  });

  test("the cursor's row and the highlighted ones are counted with the scrollback", async () => {
    const marks = [{ row: 1, at: 0, text: "two" }];
    const its = { rows: 2, cursor: { x: 3, y: 1, visible: true }, marks };
    const scrolled = terminal(["above", "one", "two"], its);
    const asked = { lines: 1, cursor: true, marks: true };
    expect(await look(scrolled, asked)).toMatchObject({
      cursor: { row: 3, column: 4, line: 3 },
      marks: [{ row: 3, at: 0, text: "two" }],
    });
    expect((await look(scrolled, { ...asked, tail: 1 })).cursor).toEqual({
      row: 3,
      column: 4,
      line: 1,
    });
    expect((await look(scrolled, { ...asked, grep: "one" })).cursor).toMatchObject({
      row: 3,
      line: null,
    });
  });
});

describe("what has changed since", () => {
  const changed = async (before: string[], now: string[]) => {
    const changedSince = (await look(terminal(before))).rev;
    const { lines, rows } = await look(terminal(now), { changedSince });
    return lines.map((line, at) => [rows?.[at], line]);
  };

  test("is nothing on an equal screen, whose rev is the same", async () => {
    expect(await changed(screen, screen)).toEqual([]);
    const { rev } = await look(terminal([...screen]));
    expect((await look(terminal(screen))).rev).toBe(rev);
  });

  test("are the rows that are others, also those that have become empty", async () => {
    expect(await changed(["a", "b", "c"], ["a", "x", ""])).toEqual([
      [2, "x"],
      [3, ""],
    ]);
  });

  test("are the new ones when the rest has only moved", async () => {
    expect(await changed(["a", "b", "c", "d"], ["c", "d", "e", "f"])).toEqual([
      [3, "e"],
      [4, "f"],
    ]);
    expect(await changed(["c", "d", "e"], ["a", "c", "d"])).toEqual([[1, "a"]]);
  });

  test("is all when the text is not known, which is said", async () => {
    const { lines, degraded } = await look(terminal(["a", ""]), { changedSince: "0123" });
    expect(lines).toEqual(["a"]);
    expect(degraded).toContain('"0123" is not known any more');
  });
});

describe("the last output", () => {
  const lastOutput = (its: Partial<RunnerTerminal>, asked: object = {}) =>
    look(terminal(["screen"], its), { lastOutput: true, ...asked });

  test("stands in place of the screen, and takes the same choices", async () => {
    const output = { lines: ["a", "b", "ab"], missing: null };
    expect(await lastOutput({ output })).toMatchObject({ lines: ["a", "b", "ab"], degraded: null });
    expect(await lastOutput({ output }, { grep: "a" })).toMatchObject({
      lines: ["a", "ab"],
      rows: [1, 3],
    });
  });

  test.each([
    ["scrolled", "scrolled beyond"],
    ["cleared", "was cleared"],
    ["full-screen", "full-screen program"],
  ] as const)("that is %s says so", async (missing, words) => {
    expect((await lastOutput({ output: { lines: [], missing } })).degraded).toContain(words);
  });

  test("is unknown without a command, and of one whose place is not known", async () => {
    expect((await lastOutput({ lastCommand: null })).degraded).toContain("no command is known");
    expect((await lastOutput({ output: null })).degraded).toContain("not known");
  });

  test("is capped, and says so; who asks for more rows gets them", async () => {
    const lines = Array.from({ length: 2500 }, (_, at) => `${at}`);
    const output = { lines, missing: null };
    const capped = await lastOutput({ output });
    expect(capped.lines).toEqual(lines.slice(-1000));
    expect(capped.degraded).toContain("the last 1000 of 2500");
    expect((await lastOutput({ output }, { tail: 2000 })).lines).toHaveLength(2000);
  });
});
