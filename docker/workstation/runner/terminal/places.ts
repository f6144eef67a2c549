import type { IMarker, Terminal } from "@xterm/headless";

/** A cell of the normal screen that keeps its text while rows scroll, as long as its row is kept. */
export interface Place {
  readonly marker: IMarker;
  /** Infinity: behind the row's end. */
  readonly x: number;
}

/** The cursor's place; null on the alternate screen, whose rows do not last. */
export function cursorPlace(emulator: Terminal): Place | null {
  const marker = emulator.registerMarker(0);
  return marker ? { marker, x: emulator.buffer.active.cursorX } : null;
}

/** The end of the row above the screen; null when nothing has scrolled there. */
export function placeAbove(emulator: Terminal): Place | null {
  const { baseY, cursorY } = emulator.buffer.active;
  const marker = baseY > 0 ? emulator.registerMarker(-cursorY - 1) : undefined;
  return marker ? { marker, x: Number.POSITIVE_INFINITY } : null;
}

/** Whether a place is on the screen, and not above it. */
export function isOnScreen(emulator: Terminal, { marker }: Place): boolean {
  return !marker.isDisposed && marker.line >= emulator.buffer.normal.baseY;
}

/**
 * The text from one place up to another, a row that was wrapped joined with the next; the last
 * `most` of such lines. From null, or from a row that is not kept: from the first one that is. To
 * null: up to the cursor. To a row that is not kept: nothing.
 */
export function textBetween(
  emulator: Terminal,
  from: Place | null,
  to: Place | null,
  most: number,
): string[] {
  if (to?.marker.isDisposed) return [];
  const { normal } = emulator.buffer;
  const start = (from && cellOf(from)) ?? { row: 0, x: 0 };
  const end = (to && cellOf(to)) ?? { row: normal.baseY + normal.cursorY, x: normal.cursorX };
  const lines: string[] = [];
  let line = "";
  for (let row = end.row; row >= start.row && lines.length < most; row--) {
    const text = normal.getLine(row);
    const first = row === start.row ? start.x : 0;
    const last = row === end.row ? end.x : undefined;
    line = (text?.translateToString(false, first, last) ?? "") + line;
    if (text?.isWrapped && row !== start.row) continue;
    // What ends at the first column of a row has no part in it.
    if (row !== end.row || end.x > 0) lines.push(line.trimEnd());
    line = "";
  }
  return lines.reverse();
}

function cellOf({ marker, x }: Place): { row: number; x: number } | null {
  if (marker.isDisposed) return null;
  return x === Number.POSITIVE_INFINITY ? { row: marker.line + 1, x: 0 } : { row: marker.line, x };
}
