import type { TextBlock } from "../../src/contract/screen.ts";
import { numbered, type Row, textsOf, withoutEnd } from "./rows.ts";

/**
 * Blocks with so many characters in all, line feeds counted: what comes first has the first claim. Of a
 * terminal the last rows are kept, of other windows the first ones; each says how many it has lost.
 */
export function capped(blocks: readonly TextBlock[], most: number): TextBlock[] {
  let left = most;
  return blocks.map((block) => {
    const given = cut(block, left);
    left -= lengthOf(given.lines);
    return given;
  });
}

function cut(block: TextBlock, most: number): TextBlock {
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
  const lost = `${wanted.length - kept.length} of ${wanted.length} rows are left out, to stay within as many characters as were asked for`;
  return {
    ...block,
    lines: textsOf(kept),
    rows,
    cursor: block.cursor && { ...block.cursor, line: line > 0 ? line : null },
    degraded: block.degraded === null ? lost : `${block.degraded}; ${lost}`,
  };
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
  return lines.reduce((sum, line) => sum + line.length + 1, 0);
}
