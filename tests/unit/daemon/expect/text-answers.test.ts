import { expect, test } from "bun:test";
import { textAnswers } from "../../../../daemon/expect/text-answers.ts";
import type { Survey } from "../../../../daemon/perception/blocks.ts";
import type { SeenWindow, SourceText } from "../../../../daemon/perception/source.ts";
import { noText, sourceText, type WindowText } from "../../../../daemon/perception/window-text.ts";
import { compilePattern } from "../../../../src/pattern.ts";

const region = { x: 100, y: 100, width: 400, height: 300 };
const window: SeenWindow = {
  ...{ id: "0x1", title: "Form", class: "Form", pid: 7, region, visible: [region] },
  ...{ coveredBy: [], terminal: null, cells: null, managed: true },
};
const menu = { ...window, id: "0x2", title: "", managed: false };
const bar = { ...menu, id: "0x3", region: { x: 0, y: 740, width: 1024, height: 28 }, pid: null };
const half = { ...window, visible: [{ ...region, width: 200 }], coveredBy: ["0x9"] };
const place = { x: 110, y: 110, width: 80, height: 16 };

const told = (line: string, more: Partial<SourceText> = {}): SourceText => ({
  lines: [{ text: line, box: place }],
  degraded: null,
  covers: null,
  ...more,
});
const survey = (
  texts: WindowText[],
  windows: SeenWindow[] = [window],
  more: Partial<Survey> = {},
): Survey => ({ windows, texts, degraded: [], isWhole: true, ...more });
const form = (more: Partial<SourceText> = {}, of = window) =>
  sourceText(of, "accessibility", told("Name: Ada", more));
const recognised = (confidence: number) =>
  sourceText(window, "ocr", told("", { lines: [{ text: "Name: Ada", box: place, confidence }] }));
const page = (covers: SourceText["covers"]) =>
  sourceText(window, "page", told("Name: Ada", { covers }));
const lower = { x: 100, y: 180, width: 400, height: 220 };

async function answer(pattern: string, of: Survey, asked: "text" | "gone" = "text") {
  const wanted = { text: [], gone: [], [asked]: [pattern] };
  const matches = async (patterns: readonly string[], texts: readonly string[]) =>
    patterns.map((each) => texts.map((text) => compilePattern(each).test(text)));
  const [check] = await textAnswers(wanted, of, 1024, matches);
  return check;
}

test.each<[string, Survey, ada: string, bob: string]>([
  ["a window that was read", survey([form()]), "yes", "no"],
  ["one that was read in part", survey([form({ degraded: "too much" })]), "yes", "unknown"],
  ["one that was not read", survey([noText(window, "pixels")]), "unknown", "unknown"],
  ["a menu that was not read", survey([form()], [window, menu]), "yes", "unknown"],
  ["the task bar", survey([form()], [window, bar]), "yes", "no"],
  ["windows that were left out", survey([form()], [window], { isWhole: false }), "yes", "unknown"],
  ["an empty desktop", survey([noText(null, "no window shows")], []), "no", "no"],
  [
    "a text that may be covered",
    survey([form({ lines: [{ text: "Name: Ada", box: null }] }, half)]),
    "unknown",
    "no",
  ],
  ["a text beside what covers its window", survey([form({}, half)]), "yes", "no"],
  ["what was surely recognised", survey([recognised(0.9)]), "yes", "unknown"],
  ["what was hardly recognised", survey([recognised(0.3)]), "unknown", "unknown"],
  ["a page below the browser's bars", survey([page([lower])]), "yes", "no"],
  ["a page beside something", survey([page([{ ...lower, width: 250 }])]), "yes", "unknown"],
])("%s", async (_, of, ada, bob) => {
  expect((await answer("Ada", of))?.answer).toBe(ada as "yes");
  const absent = await answer("Bob", of);
  expect(absent?.answer).toBe(bob as "yes");
  expect(absent?.why).not.toBeNull();
  const opposite = { yes: "no", no: "yes", unknown: "unknown" };
  for (const name of ["Ada", "Bob"]) {
    const is = (await answer(name, of))?.answer ?? "unknown";
    expect((await answer(name, of, "gone"))?.answer).toBe(opposite[is] as "yes");
  }
});

test("says by what it was read, and how sure that is", async () => {
  const seen = { line: "Name: Ada", region: place, window: { id: "0x1" } };
  expect(await answer("Ada", survey([form()]))).toMatchObject({
    ...seen,
    ...{ source: "accessibility", confidence: null, why: null },
  });
  expect(await answer("Ada", survey([recognised(0.9)]))).toMatchObject({
    ...seen,
    ...{ source: "ocr", confidence: 0.9, why: expect.stringContaining("0.90") },
  });
});
