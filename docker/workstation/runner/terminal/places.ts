import type { Line } from "./emulator/line.ts";
import { lineText } from "./emulator/text.ts";
import type { Vt } from "./emulator/vt.ts";

/** A cell of the normal screen that keeps its text while rows scroll, as long as its row is kept. */
export interface Place {
  readonly line: Line;
  /** Of the line: another one when the row has gone. */
  readonly generation: number;
  /** Infinity: behind the row's end. */
  readonly x: number;
}

/** The cursor's place; null on the alternate screen, whose rows do not last. */
export function cursorPlace(vt: Vt): Place | null {
  if (vt.isAlternate) return null;
  const line = vt.line(vt.row);
  const x = vt.column + Number(vt.pendingWrap);
  return { line, generation: line.generation, x };
}

/** The end of the row above the screen; null when nothing has scrolled there. */
export function placeAbove(vt: Vt): Place | null {
  const line = vt.scrollback.above(1);
  return line ? { line, generation: line.generation, x: Number.POSITIVE_INFINITY } : null;
}

/** Whether a place is on the screen, and not above it. */
export function isOnScreen(vt: Vt, place: Place): boolean {
  return isKept(place) && vt.normal.includes(place.line);
}

/** Whether its row is still on the screen or above it. */
export function isKept({ line, generation }: Place): boolean {
  return line.generation === generation;
}

/**
 * The text from one place up to another, a row that was wrapped joined with the next; the last
 * `most` of such lines. From null, or from a row that is not kept: from the first one that is. To
 * null: up to the cursor. To a row that is not kept: nothing.
 */
export function textBetween(vt: Vt, from: Place | null, to: Place | null, most: number): string[] {
  if (to && !isKept(to)) return [];
  const rows = [...vt.scrollback, ...vt.normal];
  const start = (from && cellOf(rows, from)) ?? { row: 0, x: 0 };
  const end = (to && cellOf(rows, to)) ?? normalCursor(vt);
  const lines: string[] = [];
  let text = "";
  for (let row = end.row; row >= start.row && lines.length < most; row--) {
    const first = row === start.row ? start.x : 0;
    const last = row === end.row ? end.x : vt.columns;
    const line = rows[row];
    text = (line ? lineText(line, first, last) : "") + text;
    if (rows[row - 1]?.wrapped && row !== start.row) continue;
    // What ends at the first column of a row has no part in it.
    if (row !== end.row || end.x > 0) lines.push(text.trimEnd());
    text = "";
  }
  return lines.reverse();
}

function cellOf(rows: readonly Line[], place: Place): { row: number; x: number } | null {
  const row = isKept(place) ? rows.lastIndexOf(place.line) : -1;
  if (row < 0) return null;
  return place.x === Number.POSITIVE_INFINITY ? { row: row + 1, x: 0 } : { row, x: place.x };
}

/** Where the cursor is on the normal screen, or was when a program left that. */
function normalCursor(vt: Vt): { row: number; x: number } {
  const { row, column } = vt.isAlternate ? (vt.saved[0] ?? vt) : vt;
  return { row: vt.scrollback.length + row, x: column + Number(!vt.isAlternate && vt.pendingWrap) };
}
