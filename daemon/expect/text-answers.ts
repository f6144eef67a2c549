import type { Check, Expectation } from "../../src/contract/expect.ts";
import type { Survey } from "../perception/blocks.ts";
import type { WindowText } from "../perception/window-text.ts";
import { evidenceOf, type MatchPatterns, readings } from "../waits/text-checks.ts";
import { no, type Seen, unknown, yes } from "./answers.ts";
import { unreadParts } from "./unread.ts";

/** What was recognised less surely than this is not believed. */
const leastConfidence = 0.6;
/** Parts of the screen that an answer names. */
const maxNamed = 3;

/** Whether the screen shows the texts; `width` is that of the desktop. */
export async function textAnswers(
  { text, gone }: Pick<Expectation, "text" | "gone">,
  survey: Survey,
  width: number,
  matches: MatchPatterns,
): Promise<Check[]> {
  // A minimized terminal shows nothing.
  const shown = survey.texts.filter(({ window }) => window !== null || !survey.isWhole);
  const all = shown.filter(({ source }) => source !== "none").flatMap(readings);
  const patterns = [...text, ...gone];
  const found = await matches(
    patterns,
    all.map((reading) => reading.text),
  );
  const answers = await Promise.all(
    patterns.map(async (pattern, at) => {
      const having = [...new Set(all.filter((_, of) => found[at]?.[of]).map(({ of }) => of))];
      return presence(pattern, having, survey, width, matches);
    }),
  );
  return answers.map(({ seen, ...it }, at) => {
    const pattern = patterns[at];
    if (at < text.length) return told(`text=${pattern}`, it, seen);
    // The other way round.
    if (it.shows === null) return unknown(`gone=${pattern}`, it.why ?? "", seen);
    return it.shows
      ? no(`gone=${pattern}`, "the screen shows it", seen)
      : yes(`gone=${pattern}`, { ...seen, why: it.why });
  });
}

/** Whether the screen shows a pattern; null: that cannot be told. */
interface Presence {
  shows: boolean | null;
  why: string | null;
  seen: Seen;
}

function told(condition: string, { shows, why }: Omit<Presence, "seen">, seen: Seen): Check {
  if (shows === null) return unknown(condition, why ?? "", seen);
  return shows ? yes(condition, { ...seen, why }) : no(condition, why ?? "", seen);
}

async function presence(
  pattern: string,
  having: readonly WindowText[],
  survey: Survey,
  width: number,
  matches: MatchPatterns,
): Promise<Presence> {
  const seen = await Promise.all(having.map((of) => evidence(pattern, of, matches)));
  const best = seen.find(({ why, source }) => why === null && source !== "ocr");
  if (best) return { shows: true, why: null, seen: best };
  const recognised = seen.find(({ confidence }) => (confidence ?? 0) >= leastConfidence);
  if (recognised) return { shows: true, why: howSure(recognised), seen: recognised };
  const [doubtful] = seen;
  if (doubtful) return { shows: null, why: doubtful.why ?? howSure(doubtful), seen: doubtful };
  const unread = unreadParts(survey, width);
  if (unread.length > 0) return { shows: null, why: `not found, but ${few(unread)}`, seen: {} };
  return { shows: false, why: whereNot(survey.texts), seen: {} };
}

/** Where a text was found; `why` says what makes that doubtful. */
async function evidence(pattern: string, of: WindowText, matches: MatchPatterns): Promise<Seen> {
  const { window = null, line = null, region = null } = await evidenceOf(pattern, of, matches);
  const source = of.source === "none" ? null : of.source;
  const row = of.rows.find(({ text }) => text === line);
  const confidence =
    source === "ocr"
      ? (of.confidences?.get(row?.number ?? 0) ?? Math.min(...(of.confidences?.values() ?? [0])))
      : null;
  return {
    window,
    line,
    region,
    source,
    confidence,
    why: doubt(of, row !== undefined && region !== null),
  };
}

/** Why a text that was found may not be on the screen. */
function doubt({ window, terminal }: WindowText, isPlaced: boolean): string | null {
  if (terminal?.state.degraded) {
    return `found, but the terminal's text is not exact now: ${terminal.state.degraded}`;
  }
  const [cover] = window?.coveredBy ?? [];
  if (cover === undefined || isPlaced || isClear(window)) return null;
  return `found, but where it stands is not known, and ${cover} covers a part of its window`;
}

function isClear(window: WindowText["window"]): boolean {
  const [first, ...others] = window?.visible ?? [];
  const { width, height } = window?.region ?? {};
  return others.length === 0 && first?.width === width && first?.height === height;
}

function howSure({ confidence }: Seen): string {
  return `recognised in the picture (OCR), with confidence ${(confidence ?? 0).toFixed(2)}`;
}

function whereNot(texts: readonly WindowText[]): string {
  const read = texts.filter(({ window, source }) => window !== null && source !== "none");
  if (read.length === 0) return "no window shows";
  const windows = read.length === 1 ? "the only window" : `any of ${read.length} windows`;
  const hidden = texts.some(({ hides }) => hides) ? ", by what of them shows" : "";
  return `not in the text of ${windows}${hidden}`;
}

function few(parts: readonly string[]): string {
  const more = parts.length > maxNamed ? [`${parts.length - maxNamed} more`] : [];
  return [...parts.slice(0, maxNamed), ...more].join("; ");
}
