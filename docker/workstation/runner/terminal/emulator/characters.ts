import { moveLeft, moveRight } from "./cursor.ts";
import { clearCells, clearInRow, damage } from "./erase.ts";
import { attribute } from "./line.ts";
import type { Vt } from "./vt.ts";

/** ICH: inserts spaces at the cursor, up to the right margin. */
export function insertCharacters(vt: Vt, count: number): void {
  vt.resetWrap();
  const { row, column } = vt;
  const amount = Math.min(count, vt.rightMargin + 1 - column);
  if (column < vt.leftMargin || column > vt.rightMargin || amount === 0) return;
  clearCutBefore(vt, row, column, amount);
  clearCutBefore(vt, row, vt.columns - amount, amount);
  shiftRight(vt, row, column, amount);
}

function clearCutBefore(vt: Vt, row: number, column: number, count: number): void {
  const cut = damage(vt, row, column, count);
  if (cut && column > cut.first) clearInRow(vt, row, cut.first, column - cut.first + 1);
}

function shiftRight(vt: Vt, row: number, column: number, count: number): void {
  const last = vt.rightMargin;
  if (column < vt.leftMargin || column > last) return;
  const amount = last < column + count ? last + 1 - column : count;
  for (const start of [column, last - amount + 1]) {
    const cut = damage(vt, row, start, amount);
    if (cut && start > cut.first) clearCells(vt, 0, row, cut.first, start - cut.first + 1);
  }
  const line = vt.line(row);
  for (let to = last; to >= column + amount; to--) line.copyCell(line, to - amount, to);
  clearCells(vt, attribute.drawn, row, column, amount);
}

/** DCH: deletes characters at the cursor; spaces come in at the right margin. */
export function deleteCharacters(vt: Vt, count: number): void {
  const { row, column } = vt;
  if (!vt.isInColumns(column)) return;
  vt.resetWrap();
  const amount = Math.min(count, vt.rightMargin + 1 - column);
  const cut = damage(vt, row, column, amount);
  if (cut) clearInRow(vt, row, cut.first, cut.last - cut.first + 1);
  if (amount !== 0) shiftLeft(vt, row, column, amount);
}

function shiftLeft(vt: Vt, row: number, column: number, count: number): void {
  const end = vt.rightMargin + 1;
  if (column < vt.leftMargin || column > end) return;
  const amount = end <= column + count ? end - column : count;
  const cut = damage(vt, row, column, amount);
  if (cut && cut.last >= cut.first) {
    clearCells(vt, 0, row, cut.first, cut.last - cut.first + 1);
  }
  const line = vt.line(row);
  for (let to = column; to < end - amount; to++) line.copyCell(line, to + amount, to);
  line.wrapped = false;
  clearCells(vt, 0, row, end - amount, amount);
}

/** DECIC, DECDC, SL and SR: shifts the rows between the margins at a column. */
export function shiftColumns(vt: Vt, count: number, to: "left" | "right", column: number): void {
  if (count <= 0 || !vt.isInRows(vt.row) || !vt.isInColumns(vt.column)) return;
  const shift = to === "left" ? shiftLeft : shiftRight;
  for (let row = vt.top; row <= vt.bottom; row++) shift(vt, row, column, count);
}

/** DECBI: left, or at the left margin everything to the right. */
export function backIndex(vt: Vt): void {
  if (vt.column === vt.leftMargin && vt.isInColumns(vt.column)) {
    shiftColumns(vt, 1, "right", vt.column);
  } else moveLeft(vt, 1);
}

/** DECFI: right, or at the right margin everything to the left. */
export function forwardIndex(vt: Vt): void {
  if (vt.column === vt.rightMargin && vt.isInColumns(vt.column)) {
    shiftColumns(vt, 1, "left", vt.leftMargin);
  } else moveRight(vt, 1);
}
