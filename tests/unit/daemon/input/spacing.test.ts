import { beforeEach, describe, expect, test } from "bun:test";
import { Spacing } from "../../../../daemon/input/spacing.ts";
import { NexoraError } from "../../../../src/contract/errors.ts";
import type { RunnerInput } from "../../../../src/runner/terminal.ts";

const text = { isKey: false, isEscape: false };
const key = { isKey: true, isEscape: false };
const escapeKey = { isKey: true, isEscape: true };
const terminal = { id: "t1", inputBytes: 7 };

let asked: RunnerInput[];
let gone: boolean;
let spacing: Spacing;
beforeEach(() => {
  asked = [];
  gone = false;
  spacing = new Spacing({
    input: async (_, input) => {
      asked.push(input);
      if (gone) throw new NexoraError("not_found", "terminal t1 is closed");
      return { terminal: "t1", inputBytes: 7 };
    },
  });
});
async function took(wait: Promise<void>): Promise<number> {
  const started = performance.now();
  await wait;
  return performance.now() - started;
}

describe("the next waits", () => {
  test("for nothing when nothing was sent, or both are text", async () => {
    await spacing.before("s", key, terminal);
    spacing.sent("s", text);
    await spacing.before("s", text, terminal);
    expect(asked).toEqual([]);
  });

  test.each([
    [key, text],
    [text, key],
    [key, key],
  ])("until the program has read a key, or all before it", async (before, after) => {
    spacing.sent("s", before);
    spacing.sent("other", text);
    await spacing.before("s", after, terminal);
    expect(asked).toMatchObject([{ terminal: "t1", awaitInputBytes: 7, awaitRestMs: 15 }]);
  });

  test("for a moment where nobody tells, or the terminal has ended", async () => {
    spacing.sent("s", key);
    expect(await took(spacing.before("s", key, null))).toBeGreaterThan(8);
    gone = true;
    spacing.sent("s", key);
    expect(await took(spacing.before("s", key, terminal))).toBeGreaterThan(8);
  });

  test("longer after Escape, wherever", async () => {
    spacing.sent("s", escapeKey);
    expect(await took(spacing.before("s", text, terminal))).toBeGreaterThan(55);
    spacing.sent("s", escapeKey);
    expect(await took(spacing.before("s", text, null))).toBeGreaterThan(55);
  });

  test("and ends with its caller", async () => {
    spacing.sent("s", escapeKey);
    const wait = spacing.before("s", text, null, AbortSignal.abort());
    await expect(wait).rejects.toMatchObject({ code: "interrupted" });
  });
});
