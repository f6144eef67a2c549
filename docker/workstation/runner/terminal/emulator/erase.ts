import { attribute, space } from "./line.ts";
import type { Vt } from "./vt.ts";

/** Who asks for the erasing: DEC's selective sequences spare what is protected. */
type Eraser = "ansi" | "dec";

/** Makes cells spaces of the present colours, and whole wide characters of them. */
export function clearCells(
  vt: Vt,
  attributes: number,
  row: number,
  column: number,
  count: number,
): void {
  if (count <= 0) return;
  const line = vt.line(row);
  let from = column;
  let to = Math.min(column + count, line.size);
  if (to < line.size && line.isHidden(to)) to++;
  if (from > 0 && line.isHidden(from)) from--;
  line.fill(space | attributes, vt.pen.foreground, vt.pen.background, from, to);
}

/**
 * The wide characters that are cut when `count` cells from `column` on change: the first and last
 * cell to blank; null when there are none.
 */
export function damage(vt: Vt, row: number, column: number, count: number) {
  const line = vt.line(row);
  const end = Math.min(column + count, line.size - 1);
  if (column >= line.size || end <= column) return null;
  let first = column + 1;
  if (line.isHidden(column)) {
    first = column;
    while (first > 0 && line.isHidden(--first));
  }
  let last = column - 1;
  if (line.isHidden(end)) {
    last = end;
    while (last < vt.columns - 1) {
      if (line.isHidden(++last)) continue;
      last--;
      break;
    }
  }
  return { first, last };
}

/** Clears a part of a row, without what is protected; whether nothing was. */
export function clearInRow(vt: Vt, row: number, column: number, count: number): boolean {
  const end = Math.min(column + count, vt.columns);
  const attributes = column + count < vt.columns ? attribute.drawn : 0;
  return clearUnprotected(vt, attributes, row, column, end);
}

function clearUnprotected(
  vt: Vt,
  attributes: number,
  row: number,
  column: number,
  end: number,
): boolean {
  let from = column;
  let spared = false;
  if (vt.protection !== "off") {
    const { cells } = vt.line(row);
    const isProtected = (at: number) => ((cells[at] ?? 0) & attribute.protected) !== 0;
    for (let at = from; at < end; at++) {
      if (!isProtected(at)) continue;
      spared = true;
      clearCells(vt, at < vt.columns ? attribute.drawn : 0, row, from, at - from);
      while (at < end && isProtected(at)) at++;
      from = at;
    }
    if (from >= end) return false;
  }
  vt.resetWrap();
  clearCells(vt, attributes, row, from, end - from);
  return !spared;
}

/** ECH, and EL to the right; without `count` the rest of the line. */
function clearRight(vt: Vt, count = vt.columns): void {
  const { row, column } = vt;
  const length = Math.min(vt.columns - column, Math.max(count, 1));
  const cut = damage(vt, row, column, length);
  if (cut && cut.last >= cut.first) {
    const end = column + length;
    if (cut.first < column) clearUnprotected(vt, 0, row, cut.first, column);
    if (cut.last >= end) clearUnprotected(vt, 0, row, end, Math.min(cut.last + 1, vt.columns));
  }
  clearInRow(vt, row, column, length);
  vt.line(row).wrapped = false;
  vt.resetWrap();
}

function clearLeft(vt: Vt): void {
  const cut = damage(vt, vt.row, vt.column, 1);
  if (cut && cut.last >= cut.first) {
    clearUnprotected(vt, 0, vt.row, cut.first, Math.min(cut.last + 1, vt.columns));
  }
  clearInRow(vt, vt.row, 0, vt.column + 1);
}

/** Clears whole rows, `from` up to but without `to`. */
function clearRows(vt: Vt, from: number, to: number): void {
  for (let row = from; row < to; row++) {
    if (vt.protection !== "off") clearInRow(vt, row, 0, vt.columns);
    else clearRow(vt, row);
  }
}

function clearRow(vt: Vt, row: number): void {
  const line = vt.line(row);
  line.double = 0;
  line.wrapped = false;
  line.generation++;
  clearCells(vt, 0, row, 0, vt.columns);
}

export function clearScreen(vt: Vt): void {
  vt.resetWrap();
  vt.doubt = null;
  for (let row = 0; row < vt.rows; row++) clearRow(vt, row);
}

/** Runs an erasing function with the protection that holds for who asks. */
function protecting(vt: Vt, eraser: Eraser, erase: () => void): void {
  const { protection } = vt;
  if (protection === "dec" && eraser === "ansi") vt.protection = "off";
  erase();
  vt.protection = protection;
}

export function eraseCharacters(vt: Vt, count: number): void {
  protecting(vt, "ansi", () => clearRight(vt, count));
}

/** EL and DECSEL. */
export function eraseInLine(vt: Vt, what: number, eraser: Eraser): void {
  protecting(vt, eraser, () => {
    if (what === 0) clearRight(vt);
    else if (what === 1) clearLeft(vt);
    else if (what === 2) clearInRow(vt, vt.row, 0, vt.columns);
  });
}

/** ED and DECSED. */
export function eraseInDisplay(vt: Vt, what: number, eraser: Eraser): void {
  const { row, column } = vt;
  if (what === 0 && row === 0 && column === 0) eraseAll(vt, eraser);
  else if (what === 1 && row === vt.rows - 1 && column === vt.columns - 1) eraseAll(vt, eraser);
  else if (what === 2) eraseAll(vt, eraser);
  else if (what === 3) vt.scrollback.clear();
  else {
    protecting(vt, eraser, () => {
      if (what === 0) {
        clearRight(vt);
        clearRows(vt, row + 1, vt.rows);
      } else if (what === 1) {
        clearRows(vt, 0, row);
        if (vt.protection !== "off") clearInRow(vt, row, 0, column);
        clearLeft(vt);
      }
    });
  }
}

function eraseAll(vt: Vt, eraser: Eraser): void {
  if (!vt.isAlternate) vt.listener.clearing();
  const spares = vt.protection !== "off" && !(vt.protection === "dec" && eraser === "ansi");
  if (!spares) {
    clearScreen(vt);
    return;
  }
  let unprotected = true;
  for (let row = 0; row < vt.rows; row++) {
    if (!clearInRow(vt, row, 0, vt.columns)) unprotected = false;
  }
  if (unprotected) vt.protection = "off";
}
