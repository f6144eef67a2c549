import { clearCells, clearScreen } from "./erase.ts";
import type { Line } from "./line.ts";
import type { Vt } from "./vt.ts";

/** SU: moves what is between the margins up. What leaves the normal screen at its top is kept. */
export function scrollUp(vt: Vt, count: number): void {
  const amount = Math.min(count, vt.bottom - vt.top + 1);
  if (amount <= 0) return;
  if (vt.modes.smoothScroll && vt.hasFullWidth && amount > vt.bottom - vt.top) {
    // So does xterm, whatever the margins.
    const { pendingWrap } = vt;
    clearScreen(vt);
    vt.pendingWrap = pendingWrap;
  } else if (vt.hasFullWidth) removeLines(vt, vt.top, amount, vt.top === 0);
  else scrollColumns(vt, amount, vt.top);
}

/** SD: moves what is between the margins down. */
export function scrollDown(vt: Vt, count: number): void {
  const amount = Math.min(count, vt.bottom - vt.top + 1);
  if (amount <= 0) return;
  if (vt.hasFullWidth) addLines(vt, vt.top, amount);
  else scrollColumns(vt, -amount, vt.top);
}

/** IL: inserts lines at the cursor. */
export function insertLines(vt: Vt, count: number): void {
  if (!vt.isInRows(vt.row) || vt.column < vt.leftMargin || vt.column > vt.rightMargin) return;
  vt.column = vt.leftMargin;
  vt.resetWrap();
  const amount = Math.min(count, vt.bottom - vt.row + 1);
  if (vt.hasFullWidth) addLines(vt, vt.row, amount);
  else scrollColumns(vt, -amount, vt.row);
}

/** DL: deletes lines at the cursor. */
export function deleteLines(vt: Vt, count: number): void {
  if (!vt.isInRows(vt.row) || !vt.isInColumns(vt.column)) return;
  vt.column = vt.leftMargin;
  vt.resetWrap();
  const amount = Math.min(count, vt.bottom - vt.row + 1);
  if (vt.hasFullWidth) removeLines(vt, vt.row, amount, vt.row === 0);
  else scrollColumns(vt, amount, vt.row);
}

function removeLines(vt: Vt, row: number, amount: number, keeps: boolean): void {
  const { lines } = vt;
  const isKept = keeps && !vt.isAlternate;
  const removed = lines.slice(row, row + amount);
  lines.copyWithin(row, row + amount, vt.bottom + 1);
  for (const [at, line] of removed.entries()) {
    const next = isKept ? keepLine(vt, line) : line;
    next.reset(vt.pen.foreground, vt.pen.background, vt.columns);
    lines[vt.bottom + 1 - amount + at] = next;
  }
}

/** Puts a line above the screen; returns another for its place. */
function keepLine(vt: Vt, line: Line): Line {
  const next = vt.scrollback.push(line);
  if (line.size > vt.columns) next.takeRest(line, vt.columns);
  return next;
}

function addLines(vt: Vt, row: number, amount: number): void {
  const lines = vt.lines.splice(vt.bottom + 1 - amount, amount);
  for (const line of lines) line.reset(vt.pen.foreground, vt.pen.background, vt.columns);
  vt.lines.splice(row, 0, ...lines);
}

/** Moves the cells between left and right margin, from `top` on; up when `amount` is positive. */
function scrollColumns(vt: Vt, amount: number, top: number): void {
  const left = vt.leftMargin;
  const end = vt.rightMargin + 1;
  for (let row = top; row <= vt.bottom; row++) {
    const line = vt.lines[row + amount];
    if (line) splitWide(line, left, end);
  }
  if (amount > 0) {
    let row = top;
    for (; row <= vt.bottom - amount; row++) {
      copyCells(vt.line(row + amount), vt.line(row), left, end, false);
    }
    for (; row <= vt.bottom; row++) clearCells(vt, 0, row, left, end - left);
  } else {
    let row = vt.bottom;
    for (; row >= top - amount; row--) {
      copyCells(vt.line(row + amount), vt.line(row), left, end, true);
    }
    for (; row >= top; row--) clearCells(vt, 0, row, left, end - left);
  }
}

/** Blanks wide characters that stand across one of the ends of a range. */
export function splitWide(line: Line, left: number, end: number): void {
  if (left > 0 && line.isHidden(left)) {
    line.blank(left - 1);
    line.blank(left);
  }
  if (end < line.size && line.isHidden(end)) {
    line.blank(end - 1);
    line.blank(end);
  }
}

/** Copies cells; wide characters across the ends are blanked, in the order that xterm does. */
function copyCells(source: Line, target: Line, left: number, end: number, down: boolean): void {
  let from = left;
  let to = end;
  const late: number[] = [];
  const blank = (...columns: number[]) => {
    for (const column of columns) target.blankLike(source, column);
  };
  if (left > 0) {
    if (target.isHidden(left)) {
      if (down || !source.isHidden(left)) blank(left - 1, left);
      else late.push(left - 1, left);
    } else if (source.isHidden(left)) {
      blank(left - 1, left);
      from++;
    }
  }
  if (end < source.size) {
    if (target.isHidden(end)) {
      if (down) blank(end - 1, end);
      else if (!source.isHidden(end)) blank(end);
      else late.push(end - 1, end);
    } else if (source.isHidden(end)) {
      to--;
      blank(to);
    }
  }
  for (let column = from; column < to; column++) target.copyCell(source, column, column);
  blank(...late);
}
