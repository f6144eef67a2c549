import type { IMarker, Terminal } from "@xterm/headless";

/** A cell of the normal screen that keeps its text while rows scroll, as long as its row is kept. */
export interface Place {
  readonly marker: IMarker;
  readonly x: number;
}

/** The cursor's place; null on the alternate screen, whose rows do not last. */
export function cursorPlace(emulator: Terminal): Place | null {
  const marker = emulator.registerMarker(0);
  return marker ? { marker, x: emulator.buffer.active.cursorX } : null;
}

/**
 * The text from one place up to another, a row that was wrapped joined with the next; the last
 * `most` of such lines. From null: from the first row that is kept. To null: up to the cursor.
 */
export function textBetween(
  emulator: Terminal,
  from: Place | null,
  to: Place | null,
  most: number,
): string[] {
  const { normal } = emulator.buffer;
  const start = from && !from.marker.isDisposed ? { row: from.marker.line, x: from.x } : null;
  const end =
    to && !to.marker.isDisposed
      ? { row: to.marker.line, x: to.x }
      : { row: normal.baseY + normal.cursorY, x: normal.cursorX };
  const lines: string[] = [];
  let line = "";
  for (let row = end.row; row >= (start?.row ?? 0) && lines.length < most; row--) {
    const text = normal.getLine(row);
    const first = row === start?.row ? start.x : 0;
    line =
      (text?.translateToString(false, first, row === end.row ? end.x : undefined) ?? "") + line;
    if (text?.isWrapped && row !== start?.row) continue;
    // What ends at the first column of a row has no part in it.
    if (row !== end.row || end.x > 0) lines.push(line.trimEnd());
    line = "";
  }
  return lines.reverse();
}
