import { attribute, direct, palette, rendition } from "./line.ts";
import type { Parameters } from "./parameters.ts";
import type { Pen, Vt } from "./vt.ts";

const switches = new Map<number, { set?: number; clear?: number }>([
  [0, { clear: rendition }],
  [1, { set: attribute.bold }],
  [2, { set: attribute.faint }],
  [3, { set: attribute.italic }],
  [4, { set: attribute.underline }],
  [5, { set: attribute.blink }],
  [6, { set: attribute.blink }],
  [7, { set: attribute.inverse }],
  [8, { set: attribute.invisible }],
  [9, { set: attribute.strikeout }],
  [21, { set: attribute.doubleUnderline }],
  [22, { clear: attribute.bold | attribute.faint }],
  [23, { clear: attribute.italic }],
  [24, { clear: attribute.underline | attribute.doubleUnderline }],
  [25, { clear: attribute.blink }],
  [27, { clear: attribute.inverse }],
  [28, { clear: attribute.invisible }],
  [29, { clear: attribute.strikeout }],
]);

/** SGR. */
export function selectRendition(vt: Vt, parameters: Parameters): void {
  const { pen } = vt;
  for (let item = 0; item < parameters.length; item++) {
    const code = parameters.at(item);
    const subs = parameters.subsAfter(item);
    if (subs > 0 && code !== 38 && code !== 48) {
      item += subs;
      continue;
    }
    const change = switches.get(code);
    if (change) pen.attributes = (pen.attributes & ~(change.clear ?? 0)) | (change.set ?? 0);
    if (code === 0) pen.foreground = pen.background = 0;
    else if (code >= 30 && code <= 37) pen.foreground = palette | (code - 30);
    else if (code >= 90 && code <= 97) pen.foreground = palette | (code - 90 + 8);
    else if (code >= 40 && code <= 47) pen.background = palette | (code - 40);
    else if (code >= 100 && code <= 107) pen.background = palette | (code - 100 + 8);
    else if (code === 39) pen.foreground = 0;
    else if (code === 49) pen.background = 0;
    else if (code === 38 || code === 48) {
      const { color, last } = extendedColor(parameters, item, subs);
      item = last;
      if (color === null) continue;
      if (code === 38) pen.foreground = color;
      else pen.background = color;
    }
  }
}

/** The colour after 38 or 48, in any of the ways it is written, and its last parameter. */
function extendedColor(parameters: Parameters, item: number, subs: number) {
  const kindAt = item + 1;
  let count = subs - 1;
  let last = item + subs;
  if (subs === 0) {
    // 38;5;N, or 38;5:N.
    count = parameters.subsAfter(kindAt);
    last = kindAt + (count > 0 ? count : ({ 2: 3, 5: 1 }[parameters.at(kindAt)] ?? 0));
  }
  const kind = parameters.at(kindAt);
  // With a colour space before the values.
  const first = kindAt + 1 + (kind === 2 && count > 3 ? 1 : 0);
  const values = [0, 1, 2].map((index) => parameters.raw(first + index));
  const inRange = (value: number | undefined): value is number =>
    value !== undefined && value >= 0 && value < 256;
  const [red, green, blue] = values;
  if (kind === 5 && inRange(red)) return { color: palette | red, last };
  if (kind === 2 && inRange(red) && inRange(green) && inRange(blue)) {
    return { color: direct | (red << 16) | (green << 8) | blue, last };
  }
  return { color: null, last };
}

/** What XTPUSHSGR's parameters stand for; without parameters all. */
const pushed = new Map<number, number>([
  [1, attribute.bold],
  [2, attribute.faint],
  [3, attribute.italic],
  [4, attribute.underline],
  [5, attribute.blink],
  [7, attribute.inverse],
  [8, attribute.invisible],
  [9, attribute.strikeout],
  [21, attribute.doubleUnderline],
]);
const maxPushed = 10;

/** XTPUSHSGR. */
export function pushRendition(vt: Vt, parameters: Parameters): void {
  const named = parameters.all().filter((code) => code > 0);
  const mask = named.reduce((bits, code) => bits | (pushed.get(code) ?? 0), 0);
  if (vt.penStack.length >= maxPushed) vt.penStack.shift();
  vt.penStack.push({ pen: { ...vt.pen }, mask: named.length === 0 ? rendition : mask, named });
}

/** XTPOPSGR. */
export function popRendition(vt: Vt): void {
  const top = vt.penStack.pop();
  if (!top) return;
  const { pen, mask, named } = top;
  const all = named.length === 0;
  vt.pen = {
    attributes: (vt.pen.attributes & ~mask) | (pen.attributes & mask),
    foreground:
      all || named.includes(30) || named.includes(10) ? pen.foreground : vt.pen.foreground,
    background:
      all || named.includes(31) || named.includes(11) ? pen.background : vt.pen.background,
  } satisfies Pen;
}
