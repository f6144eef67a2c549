import { describe, expect, test } from "bun:test";
import { delivered, focusOf } from "../../../../daemon/input/terminal.ts";
import { NexoraError } from "../../../../src/contract/errors.ts";
import type { RunnerFocus } from "../../../../src/runner/screen.ts";
import type { RunnerInput } from "../../../../src/runner/terminal.ts";
import type { RunnerWindow } from "../../../../src/runner/windows.ts";

/** A runner whose terminal has received these counts of bytes, one a question; then it has ended. */
function runnerWith(...counts: number[]) {
  const asked: RunnerInput[] = [];
  return {
    asked,
    focus: () => Promise.reject(new Error("nobody asks for the focus")),
    input: async (_: string, input: RunnerInput) => {
      asked.push(input);
      const inputBytes = counts.shift();
      if (inputBytes === undefined) throw new NexoraError("not_found", "terminal 1 is closed");
      return { terminal: "t1", inputBytes };
    },
  };
}
const before = { id: "t1", inputBytes: 100 };

describe("text for a terminal", () => {
  test("is delivered when it has received all the bytes", async () => {
    const runner = runnerWith(105);
    expect(await delivered(runner, "s", before, 5, 1)).toBe(true);
    expect(runner.asked).toMatchObject([{ terminal: "t1", awaitInputBytes: 105 }]);
  });

  test("is waited for as long as bytes keep coming", async () => {
    expect(await delivered(runnerWith(101, 102, 105), "s", before, 5, 1)).toBe(true);
  });

  test("is not delivered when no more bytes come", async () => {
    expect(await delivered(runnerWith(100), "s", before, 5, 1)).toBe(false);
    expect(await delivered(runnerWith(103, 103), "s", before, 5, 1)).toBe(false);
  });

  test("may end the terminal, which is neither", async () => {
    expect(await delivered(runnerWith(), "s", before, 5, 1)).toBeNull();
    expect(await delivered(runnerWith(102), "s", before, 5, 1)).toBeNull();
  });
});

describe("the focus", () => {
  const window: RunnerWindow = {
    ...{ id: "0x1", title: "", class: "Chromium", x: 0, y: 0, width: 1, height: 1 },
    terminal: null,
  };
  const focused = (focus: RunnerFocus) =>
    focusOf({ ...runnerWith(), focus: async () => focus }, "s");

  test("on a terminal is that terminal", async () => {
    const focus = { window: { ...window, class: "XTerm", terminal: "t1" }, terminal: before };
    expect(await focused(focus)).toEqual({ terminal: before, graphical: false });
  });

  test("on a browser is graphical", async () => {
    expect(await focused({ window, terminal: null })).toEqual({ terminal: null, graphical: true });
  });

  test.each(["XTerm", "URxvt", "kitty", "st-256color"])("on a stranger's %s is not", async (it) => {
    const focus = { window: { ...window, class: it }, terminal: null };
    expect(await focused(focus)).toEqual({ terminal: null, graphical: false });
  });

  test("nowhere is nothing", async () => {
    const focus = { window: null, terminal: null };
    expect(await focused(focus)).toEqual({ terminal: null, graphical: false });
  });
});
