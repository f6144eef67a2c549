import { backIndex, forwardIndex } from "./characters.ts";
import {
  carriageReturn,
  index,
  moveTo,
  resetMargins,
  reverseIndex,
  setRowMargins,
} from "./cursor.ts";
import { attribute, rendition } from "./line.ts";
import { fillWithE } from "./rectangles.ts";
import { hardReset, resetDouble, restoreCursor, saveCursor } from "./screens.ts";
import type { CharacterSet, Vt } from "./vt.ts";

type Sequence = (vt: Vt) => void;

/** Escape sequences of two characters, by the second one. */
const sequences: Record<string, Sequence> = {
  D: index,
  E: (vt) => {
    index(vt);
    carriageReturn(vt);
  },
  H: (vt) => {
    vt.tabs[vt.column] = 1;
  },
  M: reverseIndex,
  N: (vt) => {
    if (vt.level > 1) vt.singleShift = 2;
  },
  O: (vt) => {
    if (vt.level > 1) vt.singleShift = 3;
  },
  V: (vt) => {
    vt.protection = "iso";
    vt.pen.attributes |= attribute.protected;
  },
  W: (vt) => {
    vt.pen.attributes &= ~attribute.protected;
  },
  6: backIndex,
  7: saveCursor,
  8: restoreCursor,
  9: forwardIndex,
  "=": (vt) => {
    vt.input.applicationKeypad = true;
  },
  ">": (vt) => {
    vt.input.applicationKeypad = false;
  },
  c: hardReset,
  l: (vt) => setRowMargins(vt, vt.row, vt.bottom),
  m: (vt) => setRowMargins(vt, 0, vt.bottom),
  n: (vt) => shiftLeft(vt, 2),
  o: (vt) => shiftLeft(vt, 3),
  "|": (vt) => shiftRight(vt, 3),
  "}": (vt) => shiftRight(vt, 2),
  "~": (vt) => shiftRight(vt, 1),
};

function shiftLeft(vt: Vt, set: number): void {
  if (vt.ansiLevel > 2) vt.shift = set;
}

function shiftRight(vt: Vt, set: number): void {
  if (vt.ansiLevel > 2) vt.rightShift = set;
}

export function escapeSequence(vt: Vt, final: number): void {
  sequences[String.fromCharCode(final)]?.(vt);
}

/** ESC # …: double lines and DECALN. */
export function lineAttribute(vt: Vt, final: number): void {
  const line = vt.line(vt.row);
  const kind = final - 0x30;
  switch (kind) {
    case 3:
    case 4:
    case 6:
      if (vt.modes.leftRight) break;
      line.double = kind;
      vt.column = Math.min(vt.column, vt.columns >> 1);
      break;
    case 5:
      if (!vt.modes.leftRight) line.double = 0;
      break;
    case 8:
      vt.modes.origin = false;
      vt.pen.attributes &= ~rendition;
      resetMargins(vt);
      resetDouble(vt);
      moveTo(vt, 0, 0);
      fillWithE(vt);
  }
}

/** SCS: puts a character set at G0 to G3. */
export function designate(vt: Vt, slot: number, name: string): void {
  vt.sets[slot] = setOf(vt, name);
}

function setOf(vt: Vt, name: string): CharacterSet {
  if (name === "(0") return "graphics";
  if (name === "(A") return vt.modes.national || vt.level <= 1 ? "other" : "british";
  // In UTF-8, xterm shows the other sets as ASCII, unless a national one was allowed.
  return vt.modes.national || /^\(%5|^\([<>%&"]|^-/.test(name) ? "other" : "ascii";
}
