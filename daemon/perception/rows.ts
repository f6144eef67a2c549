import type { ScreenOptions } from "../../src/contract/screen.ts";

/** A row of a text, with its number, from 1. */
export interface Row {
  number: number;
  text: string;
}

type Wanted = Pick<ScreenOptions, "grep" | "compact" | "tail">;

/** Matches a pattern with texts. */
export type RowMatches = (pattern: string, texts: readonly string[]) => Promise<boolean[]>;

/** Whether a look leaves rows out. */
export function leavesOut(options: Wanted & Pick<ScreenOptions, "since">): boolean {
  const { grep, compact, tail, since } = options;
  return compact || grep !== undefined || tail !== undefined || since !== undefined;
}

/** The rows that are wanted: first those that match, of these one of each empty run, and then the last ones. */
export async function chosenRows(
  all: readonly Row[],
  { grep, compact, tail }: Wanted,
  matches: RowMatches,
): Promise<Row[]> {
  const found = grep === undefined ? null : await matches(grep, textsOf(all));
  const matching = found ? all.filter((_, at) => found[at]) : [...all];
  const rows = compact ? matching.filter((row, at) => !continues(row, matching[at - 1])) : matching;
  return tail === undefined ? rows : withoutEnd(rows).slice(-tail);
}

/** Rows numbered from 1. */
export function numbered(texts: readonly string[]): Row[] {
  return texts.map((text, at) => ({ number: at + 1, text }));
}

export function textsOf(rows: readonly Row[]): string[] {
  return rows.map(({ text }) => text);
}

/** Whether a row is as empty as the one before it. */
function continues({ text }: Row, before: Row | undefined): boolean {
  return before !== undefined && text === before.text && /^~?$/.test(text.trim());
}

/** Without the empty rows at the end. */
export function withoutEnd(rows: readonly Row[]): Row[] {
  return rows.slice(0, rows.findLastIndex(({ text }) => text !== "") + 1);
}
