import { describe, expect, test } from "bun:test";
import { capped } from "../../../../daemon/perception/cap.ts";
import { textsOf } from "../../../../daemon/perception/rows.ts";
import { terminalText } from "../../../../daemon/perception/terminal-text.ts";
import { textBlock } from "../../../../daemon/perception/text-block.ts";
import { TextRevs } from "../../../../daemon/perception/text-revs.ts";
import { screenOptions } from "../../../../src/contract/screen.ts";
import { compilePattern } from "../../../../src/pattern.ts";
import type { RunnerTerminal } from "../../../../src/runner/terminal.ts";

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
const look = (of: RunnerTerminal, asked: object = {}, changed: boolean[] | null = null) => {
  const options = screenOptions.parse(asked);
  return textBlock(terminalText(of, null, options), changed, options, async (pattern, texts) =>
    texts.map((text) => compilePattern(pattern).test(text)),
  );
};
const cursorAt = (y: number) => ({ cursor: { x: 0, y, visible: true } });
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
  const revs = new TextRevs();
  const rev = (rows: string[]) => revs.remember(new Map([["0x1", rows]]));
  const changed = (before: string[], now: string[]) => {
    const flags = revs.since(rev(before))?.changed("0x1", now) ?? [];
    return textsOf(now.map((text, number) => ({ number, text })).filter((_, at) => flags[at]));
  };

  test("is nothing on an equal screen, whose rev is the same", () => {
    expect(changed(screen, screen)).toEqual([]);
    expect(rev([...screen])).toBe(rev(screen));
    expect(revs.since(rev(screen))?.isSame("0x1", screen)).toBe(true);
  });

  test("are the rows that are others, also those that have become empty", () => {
    expect(changed(["a", "b", "c"], ["a", "x", ""])).toEqual(["x", ""]);
  });

  test("are the new ones when the rest has only moved", () => {
    expect(changed(["a", "b", "c", "d"], ["c", "d", "e", "f"])).toEqual(["e", "f"]);
    expect(changed(["c", "d", "e"], ["a", "c", "d"])).toEqual(["a"]);
  });

  test("is not known of a text that is not", () => {
    expect(revs.since("t0123")).toBeNull();
  });

  test("are all rows of a window that was not there; who is gone is known", () => {
    const since = revs.since(rev(["a"]));
    expect(since?.changed("0x2", ["a", "b"])).toEqual([true, true]);
    expect(since?.gone(["0x2"])).toEqual(["0x1"]);
    expect(since?.isSame("0x1", [])).toBe(false);
  });

  test("is chosen from like all rows", async () => {
    const asked = { since: "t0", grep: "t" };
    const flags = screen.map((text) => text !== "two");
    const { lines, rows } = await look(terminal(screen), asked, flags);
    expect({ lines, rows }).toEqual({ lines: ["three"], rows: [7] });
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

describe("a number of characters", () => {
  const rows = ["one", "two", "three", ""];
  const cut = async (most: number, its: Partial<RunnerTerminal> = {}) =>
    capped([await look(terminal(rows, its), { cursor: true })], most)[0];

  test("that is enough changes nothing, also where only empty rows would not fit", async () => {
    expect(await cut(14)).toMatchObject({ lines: rows, rows: null, degraded: null });
  });

  test("keeps the last rows of a terminal, says what is lost, and counts the cursor anew", async () => {
    const { lines, rows: numbers, degraded, cursor } = (await cut(10, cursorAt(2))) ?? {};
    expect({ lines, numbers, cursor }).toEqual({
      lines: ["two", "three"],
      numbers: [2, 3],
      cursor: { row: 3, column: 1, line: 2 },
    });
    expect(degraded).toStartWith("1 of 3 rows are left out");
    expect((await cut(10, cursorAt(0)))?.cursor?.line).toBeNull();
  });

  test("keeps the first rows of other windows, and the beginning of a row that is too long", async () => {
    const [block] = [await look(terminal(rows))];
    const page = { ...block, source: "page" as const };
    expect(capped([page], 8)[0]?.lines).toEqual(["one", "two"]);
    expect(capped([{ ...page, lines: ["abcdef"] }], 5)[0]?.lines).toEqual(["abc…"]);
  });

  test("is for things, too: rows leave them half of it when they need that", async () => {
    const block = await look(terminal(rows));
    const refs = ["Save", "Open", "Quit"].map((name, at) => {
      const place = { value: null, states: [], box: null, depth: 0, holds: 0 };
      return { ref: `@e${at + 1}`, role: "button", name, ...place };
    });
    const cut = (most: number) => capped([{ ...block, refs }], most)[0];
    expect(cut(15 + 3 * 16)).toMatchObject({ lines: rows, refs, degraded: null });
    const some = cut(32);
    expect([some?.lines, some?.refs?.map(({ name }) => name)]).toEqual([rows, ["Save"]]);
    expect(some?.degraded).toBe(
      "2 of 3 things are left out, to stay within as many characters as were asked for",
    );
    expect(cut(20)).toMatchObject({ lines: ["two", "three"], refs: [] });
    expect(cut(20)?.degraded).toMatch(/^1 of 3 rows are .*; 3 of 3 things are /);
  });

  test("leaves out the marks of rows that are left out", async () => {
    const marks = [1, 3].map((row) => ({ row, at: 0, text: "t" }));
    const block = { ...(await look(terminal(rows))), marks };
    expect(capped([block], 10)[0]?.marks).toEqual([{ row: 3, at: 0, text: "t" }]);
  });

  test("goes to the first blocks first", async () => {
    const block = await look(terminal(rows));
    const [first, second] = capped([block, block], 16);
    expect([first?.lines, second?.lines]).toEqual([rows, []]);
  });
});
