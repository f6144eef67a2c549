import type { TextBlock } from "../../src/contract/screen.ts";
import { numbered, type Row, textsOf, withoutEnd } from "./rows.ts";

type Ref = NonNullable<TextBlock["refs"]>[number];

/**
 * Blocks with so many characters in all, line feeds counted: what comes first has the first claim. Of a
 * terminal the last rows are kept, of other windows the first ones, of things those that come first, for which the
 * rows leave half of what is left when they need it. Each says how much it has lost.
 */
export function capped(blocks: readonly TextBlock[], most: number): TextBlock[] {
  let left = most;
  return blocks.map((block) => {
    const things = sum((block.refs ?? []).map(lengthOfRef));
    const given = withFewerRows(block, Math.max(left - things, Math.ceil(left / 2)));
    const all = withFewerThings(given, left - lengthOf(given.lines));
    left -= lengthOf(all.lines) + sum((all.refs ?? []).map(lengthOfRef));
    return all;
  });
}

function withFewerRows(block: TextBlock, most: number): TextBlock {
  const isTerminal = block.source === "terminal";
  const all = numbered(block.lines).map(({ text, number }, at): Row => {
    return { text, number: block.rows?.[at] ?? number };
  });
  const wanted = isTerminal ? withoutEnd(all) : all;
  if (lengthOf(textsOf(wanted)) <= most) return block;
  const first = fitting(isTerminal ? wanted.toReversed() : wanted, most);
  const kept = isTerminal ? first.reverse() : first;
  const rows = kept.map(({ number }) => number);
  const line = block.cursor ? rows.indexOf(block.cursor.row) + 1 : 0;
  return {
    ...block,
    lines: textsOf(kept),
    rows,
    cursor: block.cursor && { ...block.cursor, line: line > 0 ? line : null },
    marks: block.marks?.filter(({ row }) => rows.includes(row)) ?? null,
    degraded: lost(block, `${wanted.length - kept.length} of ${wanted.length} rows`),
  };
}

function withFewerThings(block: TextBlock, most: number): TextBlock {
  const refs = block.refs ?? [];
  let left = most;
  const end = refs.findIndex((ref) => {
    left -= lengthOfRef(ref);
    return left < 0;
  });
  if (end < 0) return block;
  const degraded = lost(block, `${refs.length - end} of ${refs.length} things`);
  return { ...block, refs: refs.slice(0, end), degraded };
}

function lost({ degraded }: TextBlock, what: string): string {
  const why = `${what} are left out, to stay within as many characters as were asked for`;
  return degraded === null ? why : `${degraded}; ${why}`;
}

/** The first rows that fit; of one that is too long by itself, its beginning. */
function fitting(rows: readonly Row[], most: number): Row[] {
  const kept: Row[] = [];
  let left = most;
  for (const row of rows) {
    if (row.text.length + 1 > left) break;
    kept.push(row);
    left -= row.text.length + 1;
  }
  const [first] = rows;
  if (kept.length > 0 || !first || most < 3) return kept;
  return [{ ...first, text: `${first.text.slice(0, most - 2)}…` }];
}

function lengthOf(lines: readonly string[]): number {
  return sum(lines.map(({ length }) => length + 1));
}

/** Of its words, with what stands between them. */
function lengthOfRef({ ref, role, name, value, states }: Ref): number {
  return lengthOf([ref, role, name, value ?? "", ...states].filter((word) => word !== ""));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, each) => all + each, 0);
}
