import type { CharacterSet, Vt } from "./vt.ts";

/** What DEC's special graphics has for 0x60 to 0x7e. */
const specialGraphics = [..."◆▒␉␌␍␊°±␤␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·"].map(
  (character) => character.codePointAt(0) ?? 0,
);

/** Replaces 7-bit characters by what the character set has for them. */
export function translate(vt: Vt, codes: number[], set: CharacterSet): void {
  if (set === "ascii" || set === "british") return;
  if (set === "other") {
    vt.doubt = "a program writes with a character set that is not followed";
    return;
  }
  for (const [at, code] of codes.entries()) {
    if (code >= 0x60 && code <= 0x7e) codes[at] = specialGraphics[code - 0x60] ?? code;
    else if (code === 0x5f) codes[at] = 0;
  }
}
