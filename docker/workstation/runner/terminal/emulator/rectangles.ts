import { attribute, hidden, type Line } from "./line.ts";
import { splitWide } from "./scroll.ts";
import type { Vt } from "./vt.ts";

/** Rows and columns from 0, inclusive. */
interface Rectangle {
  top: number;
  left: number;
  bottom: number;
  right: number;
}

/** Where rectangles may be: in origin mode between the margins. */
function bounds(vt: Vt): Rectangle {
  if (!vt.modes.origin) return { top: 0, left: 0, bottom: vt.rows - 1, right: vt.columns - 1 };
  return { top: vt.top, left: vt.left, bottom: vt.bottom, right: vt.right };
}

/** The rectangle that four parameters name; null when it has no cells. */
function rectangle(vt: Vt, parameters: readonly number[]): Rectangle | null {
  const limit = bounds(vt);
  const [top, left] = vt.modes.origin ? [vt.top, vt.left] : [0, 0];
  const clamp = (value: number | undefined, offset: number, min: number, max: number) =>
    value === undefined || value <= 0 ? null : Math.min(Math.max(value - 1 + offset, min), max);
  const it = {
    top: clamp(parameters[0], top, limit.top, limit.bottom) ?? at(limit.top, top, limit.bottom),
    left: clamp(parameters[1], left, limit.left, limit.right) ?? at(limit.left, left, limit.right),
    bottom: clamp(parameters[2], top, limit.top, limit.bottom) ?? limit.bottom,
    right: clamp(parameters[3], left, limit.left, limit.right) ?? limit.right,
  };
  return it.top <= it.bottom && it.left <= it.right ? it : null;
}

/** xterm counts a default, too, from the margin. */
function at(first: number, offset: number, last: number): number {
  return Math.min(first + offset, last);
}

/** DECFRA, and DECERA with a space. */
export function fillRectangle(vt: Vt, parameters: readonly number[], code: number): void {
  const it = rectangle(vt, parameters);
  if (!it) return;
  const { pen } = vt;
  const cell = (code | pen.attributes | attribute.drawn) >>> 0;
  for (let row = it.top; row <= it.bottom; row++) {
    const line = vt.line(row);
    splitWide(line, it.left, it.right + 1);
    const [from, to] = [it.left, it.right + 1];
    line.use(to);
    line.cells.fill(cell, from, to);
    if (pen.foreground !== 0 || pen.background !== 0) {
      line.foreground.fill(pen.foreground, from, to);
      line.background.fill(pen.background, from, to);
    }
    line.clearCombining(from, to);
  }
}

/** DECALN: a screen of E. */
export function fillWithE(vt: Vt): void {
  for (const line of vt.lines) {
    line.fill(("E".charCodeAt(0) | attribute.drawn) >>> 0, 0, 0, 0, vt.columns);
  }
}

/** DECCRA: copies a rectangle; parameters 5 to 7 say where to. */
export function copyRectangle(vt: Vt, parameters: readonly number[]): void {
  const source = rectangle(vt, parameters);
  const target = rectangle(vt, parameters.slice(5, 7));
  if (!source || !target) return;
  const limit = bounds(vt);
  const wide = source.right - source.left;
  const copies = vt.lines.slice(source.top, source.bottom + 1).map((line) => {
    const copy = line.clone();
    if (copy.isHidden(source.left)) copy.blank(source.left);
    const last = copy.code(source.right);
    if (last !== hidden && vt.width(last) > 1) copy.blank(source.right);
    return copy;
  });
  for (const [index, copy] of copies.entries()) {
    const row = target.top + index;
    const line = vt.lines[row];
    if (!line) continue;
    for (let offset = 0; offset <= wide; offset++) {
      const column = target.left + offset;
      if (row <= limit.bottom && column <= limit.right) {
        if (offset === 0 && column > 0 && line.isHidden(column)) line.blank(column - 1);
        line.copyCell(copy, source.left + offset, column);
      }
      if (column < line.size) draw(line, column);
    }
  }
}

/** DECSERA: makes spaces of what is not protected. */
export function wipeRectangle(vt: Vt, parameters: readonly number[]): void {
  const it = rectangle(vt, parameters);
  if (!it) return;
  for (let row = it.top; row <= it.bottom; row++) {
    const line = vt.line(row);
    const spared = (column: number) =>
      vt.protection === "dec" && ((line.cells[column] ?? 0) & attribute.protected) !== 0;
    if (!spared(it.left)) splitWide(line, it.left, line.size);
    if (!spared(it.right)) splitWide(line, 0, it.right + 1);
    for (let column = it.left; column <= it.right; column++) {
      if (spared(column)) continue;
      line.blank(column);
      draw(line, column);
    }
  }
}

function draw(line: Line, column: number): void {
  line.use(column + 1);
  line.cells[column] = (line.cells[column] ?? 0) | attribute.drawn;
}

const renditions = new Map([
  [1, attribute.bold],
  [4, attribute.underline],
  [5, attribute.blink],
  [7, attribute.inverse],
  [8, attribute.invisible],
]);
const cleared = new Map([
  [22, attribute.bold],
  [24, attribute.underline],
  [25, attribute.blink],
  [27, attribute.inverse],
  [28, attribute.invisible],
]);
const common = attribute.bold | attribute.blink | attribute.underline | attribute.inverse;

/** DECCARA, or with `reverse` DECRARA: changes how a rectangle, or a stretch of text, is drawn. */
export function markRectangle(vt: Vt, parameters: readonly number[], reverse: boolean): void {
  const it = rectangle(vt, parameters);
  if (!it) return;
  const codes = parameters.slice(4);
  for (let row = it.top; row <= it.bottom; row++) {
    const line = vt.line(row);
    const from = vt.exactRectangles || row === it.top ? it.left : 0;
    const to = vt.exactRectangles || row === it.bottom ? it.right : vt.columns - 1;
    for (let column = from; column <= to; column++) {
      if (((line.cells[column] ?? 0) & attribute.drawn) === 0) {
        if (!vt.exactRectangles) continue;
        line.blank(column);
        draw(line, column);
      }
      for (const code of codes) {
        line.cells[column] = marked(line.cells[column] ?? 0, code, reverse);
      }
    }
  }
}

function marked(cell: number, code: number, reverse: boolean): number {
  if (reverse) return cell ^ (code === 0 ? common : (renditions.get(code) ?? 0));
  if (code === 0) return cell & ~common;
  return code > 20 ? cell & ~(cleared.get(code) ?? 0) : cell | (renditions.get(code) ?? 0);
}
