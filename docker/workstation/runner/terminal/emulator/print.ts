import { insertCharacters } from "./characters.ts";
import { index, moveRight } from "./cursor.ts";
import { clearInRow, damage } from "./erase.ts";
import { translate } from "./graphics.ts";
import { attribute, codeMask, hidden, type Line, space } from "./line.ts";
import type { CharacterSet, Vt } from "./vt.ts";

/**
 * Writes characters, all wide or all narrow, at the cursor. Without wraparound it matters to xterm
 * which ones come together: the last of them takes the last place.
 */
export function print(vt: Vt, codes: number[], set: CharacterSet): void {
  translate(vt, codes, set);
  const { length } = codes;
  const rightMargin = vt.rightMargin;
  let nextColumn = vt.column;
  let chomped = 1;
  for (let offset = 0; offset < length && (chomped > 0 || vt.pendingWrap); offset += chomped) {
    const line = vt.line(vt.row);
    const margin = line.double !== 0 ? rightMargin >> 1 : rightMargin;
    const lastColumn = vt.lastColumn(line);
    let taken = 0;
    let again: boolean;
    chomped = 0;
    do {
      again = false;
      let wrap = false;
      let wrapped = false;
      let right = vt.column > margin ? lastColumn : margin;
      if (vt.pendingWrap) {
        vt.pendingWrap = false;
        if (vt.modes.wraparound) {
          wrapLine(vt);
          right = vt.column > margin ? lastColumn : margin;
          nextColumn = vt.column;
          wrapped = true;
        }
      }
      const available = right + 1 - vt.column;
      if (available <= 0) break;
      let width = 0;
      while (taken <= available && chomped < length - offset) {
        width = vt.width(codes[chomped + offset] ?? 0);
        taken += width;
        chomped++;
      }
      if (taken > available) {
        if (width > right + 1) break;
        if (chomped-- === 0) break;
        taken -= width;
        if (chomped > 0) {
          if (vt.modes.wraparound) wrap = true;
          else codes[chomped + offset - 1] = codes[length - 1] ?? 0;
        }
      } else if (taken === available || chomped !== length - offset) wrap = true;
      if (chomped !== 0 && nextColumn <= lastColumn) {
        write(vt, codes, offset, offset + chomped);
      } else if (!wrapped && vt.modes.wraparound && vt.column > vt.leftMargin) {
        again = true;
        wrap = true;
      }
      nextColumn += taken;
      vt.pendingWrap = wrap;
    } while (again);
  }
  vt.hasWritten = true;
}

function wrapLine(vt: Vt): void {
  vt.line(vt.row).wrapped = true;
  index(vt);
  vt.column = vt.leftMargin;
}

/** Puts the characters `from` up to `end`, which fit, into the cursor's line. */
function write(vt: Vt, codes: readonly number[], from: number, end: number): void {
  const { row } = vt;
  const isWide = vt.width(codes[from] ?? 0) === 2;
  const room = vt.columns - vt.column;
  const cells = Math.min(isWide ? (end - from) * 2 : end - from, room);
  if (vt.modes.insert) insertCharacters(vt, cells);
  const line = vt.line(row);
  if (line.isHidden(vt.column) || line.isHidden(vt.column + cells)) clearCut(vt, cells);
  if (cells <= 0) return;
  put(vt, line, codes, from, Math.min(end, from + room), isWide, cells);
  vt.lastRow = row;
  vt.lastColumnWritten = vt.column + cells - 1;
  moveRight(vt, cells);
}

function clearCut(vt: Vt, cells: number): void {
  const cut = damage(vt, vt.row, vt.column, cells);
  if (!cut || cut.last < cut.first) return;
  clearInRow(vt, vt.row, cut.first, cut.last - cut.first + 1);
}

function put(
  vt: Vt,
  line: Line,
  codes: readonly number[],
  from: number,
  end: number,
  isWide: boolean,
  cells: number,
): void {
  const { column, pen } = vt;
  const startsInWide = column > 0 && line.isHidden(column);
  const attributes = (pen.attributes | attribute.drawn) >>> 0;
  line.fill(attributes, pen.foreground, pen.background, column, column + cells);
  line.use(column + (isWide ? 2 : 1) * (end - from));
  let at = column;
  for (let index = from; index < end; index++) {
    setCode(line.cells, at++, codes[index] ?? 0);
    if (isWide) setCode(line.cells, at++, hidden);
  }
  if (startsInWide && vt.width(line.code(column - 1)) === 2) setCode(line.cells, column - 1, space);
  const cutsWide = isWide || vt.width(line.code(at - 1)) === 2;
  if (cutsWide && line.isHidden(at)) {
    line.use(at + 1);
    setCode(line.cells, at, space);
  }
}

function setCode(cells: Uint32Array, at: number, code: number): void {
  if (at < cells.length) cells[at] = ((cells[at] ?? 0) & ~codeMask) | code;
}

/** A character that joins the one before: composed if there is one for both, else added. */
export function combine(vt: Vt, code: number): boolean {
  const { hasWritten } = vt;
  const [row, column] = hasWritten ? [vt.lastRow, vt.lastColumnWritten] : [vt.row, vt.column];
  const line = vt.lines[row];
  if (!line) return false;
  const base = line.code(column);
  if (!line.combining?.has(column)) {
    const composed = [...String.fromCodePoint(base, code).normalize("NFC")];
    const single = composed.length === 1 ? composed[0]?.codePointAt(0) : undefined;
    if (single !== undefined && vt.width(single) === vt.width(base)) {
      setCode(line.cells, column, single);
      return true;
    }
  }
  if (!hasWritten && base < space) return false;
  line.addCombining(column, code);
  return true;
}

/**
 * Writes ASCII, `from` up to but without `to`, in the plain case: no insertion, sets or cut wide
 * characters. Returns how much was written; the rest is for `print`.
 */
export function printPlain(vt: Vt, bytes: Uint8Array, from: number, to: number): number {
  const { pen } = vt;
  const attributes = (pen.attributes | attribute.drawn) >>> 0;
  let at = from;
  while (at < to) {
    if (vt.pendingWrap) {
      if (!vt.modes.wraparound || vt.line(vt.row).double !== 0) return at;
      vt.pendingWrap = false;
      wrapLine(vt);
    }
    const { column } = vt;
    const line = vt.line(vt.row);
    const right = column > vt.rightMargin ? vt.columns - 1 : vt.rightMargin;
    const count = Math.min(to - at, right + 1 - column);
    const end = column + count;
    if (count <= 0 || line.double !== 0 || line.isHidden(column) || line.isHidden(end)) return at;
    if (count < to - at && !vt.modes.wraparound) return at;
    const { cells, foreground, background } = line;
    line.use(end);
    for (let x = column; x < end; x++) {
      cells[x] = (bytes[at++] ?? 0) | attributes;
      foreground[x] = pen.foreground;
      background[x] = pen.background;
    }
    if (line.combining) line.clearCombining(column, end);
    vt.column = Math.min(end, right);
    vt.pendingWrap = end > right;
    vt.lastRow = vt.row;
    vt.lastColumnWritten = end - 1;
    vt.hasWritten = true;
  }
  return at;
}
