import { attribute, direct, palette } from "./emulator/line.ts";
import type { Pen, Vt } from "./emulator/vt.ts";

const codes = [
  [attribute.bold, 1],
  [attribute.faint, 2],
  [attribute.italic, 3],
  [attribute.underline, 4],
  [attribute.blink, 5],
  [attribute.inverse, 7],
  [attribute.invisible, 8],
  [attribute.strikeout, 9],
  [attribute.doubleUnderline, 21],
] as const;

/** The sequences that choose how characters are drawn, whatever was chosen before. */
export function style(vt: Vt, pen: Pen): string {
  const chosen = [0];
  for (const [bit, code] of codes) if ((pen.attributes & bit) !== 0) chosen.push(code);
  chosen.push(...color(38, pen.foreground), ...color(48, pen.background));
  return `\x1b[${chosen.join(";")}m${protection(vt, pen)}`;
}

function color(code: number, value: number): number[] {
  const number = value & 0xffffff;
  if ((value & direct) !== 0) return [code, 2, number >> 16, (number >> 8) & 0xff, number & 0xff];
  return (value & palette) !== 0 ? [code, 5, number] : [];
}

function protection(vt: Vt, pen: Pen): string {
  if (vt.protection === "off") return "";
  const isProtected = (pen.attributes & attribute.protected) !== 0;
  if (vt.protection === "iso") return isProtected ? "\x1bV" : "\x1bW";
  return isProtected ? '\x1b[1"q' : '\x1b[0"q';
}
