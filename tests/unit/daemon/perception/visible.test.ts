import { describe, expect, test } from "bun:test";
import type { SeenWindow } from "../../../../daemon/perception/source.ts";
import { terminalText } from "../../../../daemon/perception/terminal-text.ts";
import { seenWindows, without } from "../../../../daemon/perception/visible.ts";
import { sourceText } from "../../../../daemon/perception/window-text.ts";
import type { RunnerTerminal } from "../../../../src/runner/terminal.ts";
import type { RunnerShownWindow } from "../../../../src/runner/windows.ts";

const box = (x: number, y: number, width: number, height: number) => ({ x, y, width, height });
const desktop = { width: 100, height: 100 };
const window = (
  id: string,
  place: ReturnType<typeof box>,
  its: object = {},
): RunnerShownWindow => ({
  ...{ id, title: id, class: "", terminal: null, pid: null, managed: true, cells: null },
  ...place,
  frame: place,
  ...its,
});
const seen = (...windows: RunnerShownWindow[]) => seenWindows(windows, desktop);

describe("what of a window shows", () => {
  test("is all of it when nothing is above, and nothing when all is covered", () => {
    const [menu, below, back] = seen(
      window("menu", box(10, 10, 80, 80)),
      window("below", box(20, 20, 10, 10)),
      window("back", box(0, 0, 100, 100)),
    );
    expect(menu?.visible).toEqual([box(10, 10, 80, 80)]);
    expect(below).toMatchObject({ visible: [], coveredBy: ["menu"] });
    expect(back?.coveredBy).toEqual(["menu", "below"]);
    expect(back?.visible.reduce((sum, it) => sum + it.width * it.height, 0)).toBe(3600);
  });

  test("ends at the desktop's edges and at its own frame", () => {
    expect(seen(window("out", box(90, -5, 50, 10)))[0]?.visible).toEqual([box(90, 0, 10, 5)]);
    expect(seen(window("gone", box(200, 0, 50, 10)))[0]?.visible).toEqual([]);
    const rolled = window("rolled up", box(0, 10, 50, 50), { frame: box(0, 0, 50, 10) });
    expect(seen(rolled)[0]?.visible).toEqual([]);
  });

  test("is covered by what surrounds other windows, too", () => {
    const framed = window("framed", box(10, 30, 10, 10), { frame: box(0, 20, 100, 30) });
    const [, back] = seen(framed, window("back", box(0, 0, 100, 100)));
    expect(back?.visible).toEqual([box(0, 0, 100, 20), box(0, 50, 100, 50)]);
  });

  test("stays bounded on a desktop that is strewn with windows", () => {
    const strewn = Array.from({ length: 2000 }, (_, at) => box((at % 50) * 2, (at / 50) | 0, 1, 1));
    expect(without(box(0, 0, 100, 100), strewn).length).toBeLessThan(300);
  });
});

describe("of a terminal", () => {
  const lines = ["one two", "three four", "漢字漢字 x", ""];
  const state = {
    ...{ id: "t1", columns: 10, rows: 4, lines, degraded: null, lastCommand: null, output: null },
  } as unknown as RunnerTerminal;
  /** Cells of 10 × 10 pixels, on all of the desktop's upper 40 rows of pixels. */
  const under = (...covers: RunnerShownWindow[]) =>
    seen(...covers, window("term", box(0, 0, 100, 40), { cells: box(0, 0, 10, 10) })).at(-1);
  const text = (of: SeenWindow | undefined) =>
    terminalText(state, of ?? null, { lastOutput: false });

  test("what nothing covers is exact", () => {
    expect(text(under())).toMatchObject({ hides: false, why: [] });
    expect(text(under()).rows.map((row) => row.text)).toEqual(lines);
  });

  test("covered cells are spaces, and rows of which no cell shows are left out", () => {
    const { rows, why, hides } = text(under(window("menu", box(0, 10, 100, 10))));
    expect(rows.map(({ number }) => number)).toEqual([1, 3, 4]);
    expect({ why, hides }).toEqual({
      why: ["1 of 4 rows are hidden, wholly or in part, by menu"],
      hides: true,
    });
    const part = text(under(window("menu", box(30, 0, 20, 30))));
    expect(part.rows.map((row) => row.text)).toEqual(["one  wo", "thr   four", "漢    字 x", ""]);
  });

  test("scrollback is given as it is, and a window that is covered wholly has no rows", () => {
    const cover = window("cover", box(0, 0, 100, 100));
    expect(text(under(cover))).toMatchObject({ rows: [] });
    const scrolled = { ...state, lines: ["above", ...lines] };
    const { rows } = terminalText(scrolled, under(cover) ?? null, { lastOutput: false });
    expect(rows.map((row) => row.text)).toEqual(["above"]);
  });
});

test("of a source's lines those that are covered are left out; where they stand may be unknown", () => {
  const [, back] = seen(window("menu", box(0, 50, 100, 50)), window("back", box(0, 0, 100, 100)));
  const given = { degraded: null, covers: null };
  const lines = [
    { text: "upper", box: box(0, 0, 50, 10) },
    { text: "lower", box: box(0, 60, 50, 10) },
  ];
  const placed = sourceText(back as SeenWindow, "accessibility", { ...given, lines });
  expect(placed.rows).toEqual([{ number: 1, text: "upper" }]);
  expect(placed.why).toEqual(["lines are hidden by menu"]);
  const unplaced = sourceText(back as SeenWindow, "accessibility", {
    ...given,
    lines: [{ text: "anywhere", box: null }],
  });
  expect(unplaced.rows).toHaveLength(1);
  expect(unplaced.why[0]).toContain("may be hidden by menu");
});
