import { scrollDown, scrollUp } from "./scroll.ts";
import type { Vt } from "./vt.ts";

/** CUP: goes to a row and column, which in origin mode count from the margins. */
export function moveTo(vt: Vt, row: number, column: number): void {
  const { origin } = vt.modes;
  const [x, maxX] = origin ? [column + vt.left, vt.right] : [column, vt.columns - 1];
  const [y, maxY] = origin ? [row + vt.top, vt.bottom] : [row, vt.rows - 1];
  vt.column = Math.min(Math.max(x, 0), maxX);
  vt.row = Math.min(Math.max(y, 0), maxY);
  vt.resetWrap();
}

/** The cursor's place as `moveTo` takes it. */
export function place(vt: Vt): { row: number; column: number } {
  if (!vt.modes.origin) return { row: vt.row, column: vt.column };
  return { row: Math.max(vt.row - vt.top, 0), column: Math.max(vt.column - vt.leftMargin, 0) };
}

export function moveUp(vt: Vt, count: number): void {
  vt.row = Math.max(vt.row - count, vt.row < vt.top ? 0 : vt.top);
  vt.resetWrap();
}

export function moveDown(vt: Vt, count: number): void {
  const limit = vt.row > vt.bottom ? vt.rows - 1 : vt.bottom;
  vt.row = Math.min(vt.row + count, limit, vt.rows - 1);
  vt.resetWrap();
}

export function moveRight(vt: Vt, count: number): void {
  let limit = vt.lastColumn(vt.line(vt.row));
  if (vt.modes.leftRight) limit = vt.column > vt.right ? vt.columns - 1 : vt.right;
  vt.column = Math.min(vt.column + count, limit);
  vt.resetWrap();
}

/** BS and CUB, which go back over the ends of lines in the modes for that. */
export function moveLeft(vt: Vt, count: number): void {
  const { wraparound, reverseWrap, reverseWrapFully } = vt.modes;
  const overLines = wraparound && reverseWrap;
  const overAll = wraparound && reverseWrapFully;
  const left = vt.column < vt.leftMargin ? 0 : vt.leftMargin;
  let { row, column } = vt;
  let rest = count;
  if (rest > 0) {
    if ((overLines || overAll) && vt.pendingWrap) rest--;
    else column--;
  }
  if (!overLines && !overAll) {
    column = Math.max(vt.column - count, left);
    rest = 0;
  }
  let checked = false;
  while (true) {
    if (column < left) {
      if (overAll) {
        column = vt.rightMargin;
        if (row === vt.top) row = vt.bottom + 1;
      } else if (!overLines) {
        column = left;
        break;
      } else if (row <= vt.top) {
        column = left;
        row = vt.top;
        break;
      }
      checked = false;
      if (--row <= 0) row = vt.top === 0 ? vt.bottom : vt.rows - 1;
    }
    if (!checked) {
      checked = true;
      if (row !== vt.row) {
        if (!overAll && !vt.line(row).wrapped) {
          row++;
          column = left;
          break;
        }
        column = vt.rightMargin;
      }
    }
    if (--rest <= 0) break;
    column--;
  }
  vt.row = Math.min(row, vt.rows - 1);
  vt.column = column;
  vt.resetWrap();
}

export function carriageReturn(vt: Vt): void {
  const left = vt.leftMargin;
  vt.column = vt.modes.origin || vt.column >= left ? left : 0;
  vt.resetWrap();
}

/** IND: down a line, scrolling at the bottom margin. */
export function index(vt: Vt): void {
  if (vt.row !== vt.bottom || isBesideMargins(vt)) moveDown(vt, 1);
  else {
    vt.resetWrap();
    scrollUp(vt, 1);
  }
}

/** RI: up a line, scrolling at the top margin. */
export function reverseIndex(vt: Vt): void {
  if (vt.row !== vt.top || isBesideMargins(vt)) moveUp(vt, 1);
  else {
    scrollDown(vt, 1);
    vt.resetWrap();
  }
}

function isBesideMargins(vt: Vt): boolean {
  return vt.modes.leftRight && !vt.isInColumns(vt.column);
}

/** Whether the cursor has moved. A wrap stays pending, as in xterm. */
export function tabForward(vt: Vt): boolean {
  const before = vt.column;
  if (vt.moreFix && vt.pendingWrap && vt.modes.wraparound) {
    index(vt);
    vt.column = 0;
    vt.resetWrap();
  }
  let next = vt.tabs.indexOf(1, vt.column + 1);
  if (next < 0) next = vt.tabs.length - 1;
  const limit = vt.modes.leftRight ? vt.right : vt.lastColumn(vt.line(vt.row));
  vt.column = Math.min(next, limit);
  return vt.column > before;
}

export function tabBack(vt: Vt): boolean {
  const before = vt.column;
  const previous = vt.column === 0 ? 0 : Math.max(vt.tabs.lastIndexOf(1, vt.column - 1), 0);
  vt.column = vt.modes.origin ? Math.max(previous, vt.leftMargin) : previous;
  return vt.column < before;
}

/** DECSTBM; rows from 0. */
export function setRowMargins(vt: Vt, top: number, bottom: number): void {
  if (bottom > top) {
    vt.top = top;
    vt.bottom = bottom;
  }
  vt.top = Math.min(vt.top, vt.rows - 1);
  vt.bottom = Math.min(vt.bottom, vt.rows - 1);
}

/** DECSLRM; columns from 0. */
export function setColumnMargins(vt: Vt, left: number, right: number): void {
  if (right > left) {
    vt.left = left;
    vt.right = right;
  }
  vt.left = Math.min(vt.left, vt.columns - 1);
  vt.right = Math.min(vt.right, vt.columns - 1);
}

export function resetMargins(vt: Vt): void {
  setRowMargins(vt, 0, vt.rows - 1);
  setColumnMargins(vt, 0, vt.columns - 1);
}
