import { expect, test } from "bun:test";
import { Expectations, type ExpectParts } from "../../../../daemon/expect/expectations.ts";
import type { Expectation } from "../../../../src/contract/expect.ts";
import type { RunnerTerminal } from "../../../../src/runner/terminal.ts";

const signal = new AbortController().signal;
const of = { id: "dev", width: 1024, height: 768 };
const none: Expectation = {
  ...{ text: [], gone: [], title: [], window: [], windowGone: [], ref: [], refGone: [], state: [] },
  ...{ value: [], prompt: false, input: false, port: [], file: [], fileGone: [], fileText: [] },
  ocr: false,
};
const lastCommand = { ordinal: 1, line: "true", running: false, exitStatus: 0 };
const terminal: RunnerTerminal = {
  ...{ id: "t1", seq: 1, columns: 80, rows: 24, lines: ["$ "], title: "t" },
  ...{ cursor: { x: 2, y: 0, visible: true }, alternate: false, degraded: null },
  ...{ prompt: true, exitStatus: 0, lastCommand, command: "bash", inputBytes: 5 },
  ...{ input: "waits", output: null, marks: null },
};

/** What is said of a terminal that has received 5 bytes, while those up to `late` are on their way to it. */
async function said(late: { id: string; inputBytes: number } | null): Promise<string[]> {
  const screen = { focused: null, terminal, prompts: [terminal], windows: null, others: [] };
  const parts: Pick<ExpectParts, "input" | "matches"> & { runner: object } = {
    runner: { screen: async () => screen },
    input: { underway: () => late },
    matches: async (_, patterns, texts) => patterns.map(() => texts.map(() => true)),
  };
  // Of the others nothing is asked.
  const expectations = new Expectations(parts as unknown as ExpectParts);
  const wanted = { ...none, prompt: true, input: true, exitStatus: 0, command: "true" };
  const { checks } = await expectations.check(of, wanted, [], signal);
  return checks.map(({ condition, answer }) => `${condition} ${answer}`);
}

test("nothing is said of a command while keys are on their way to its terminal", async () => {
  const conditions = ["prompt", "input", "exit-status=0", "command=true"];
  const all = (answer: string) => conditions.map((each) => `${each} ${answer}`);
  expect(await said({ id: "t1", inputBytes: 6 })).toEqual(all("unknown"));
  expect(await said({ id: "t1", inputBytes: 5 })).toEqual(all("yes"));
  expect(await said({ id: "t2", inputBytes: 6 })).toEqual(all("yes"));
  expect(await said(null)).toEqual(all("yes"));
});
