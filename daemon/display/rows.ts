import type { ScreenOptions } from "../../src/contract/screen.ts";

/** A row of a text, with its number, from 1. */
export interface Row {
  number: number;
  text: string;
}

type Wanted = Pick<ScreenOptions, "grep" | "compact" | "tail">;

/** Whether a look leaves rows out. */
export function leavesOut(options: Wanted & Pick<ScreenOptions, "changedSince">): boolean {
  const { grep, compact, tail, changedSince } = options;
  return compact || grep !== undefined || tail !== undefined || changedSince !== undefined;
}

/** The rows that are wanted: first those that match, of these one of each empty run, and then the last ones. */
export async function chosenRows(
  all: readonly Row[],
  { grep, compact, tail }: Wanted,
  matches: (pattern: string, texts: readonly string[]) => Promise<boolean[]>,
): Promise<Row[]> {
  const found = grep === undefined ? null : await matches(grep, textsOf(all));
  const matching = found ? all.filter((_, at) => found[at]) : [...all];
  const rows = compact ? matching.filter((row, at) => !continues(row, matching[at - 1])) : matching;
  return tail === undefined ? rows : withoutEnd(rows).slice(-tail);
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
