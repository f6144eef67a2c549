import { deleteCharacters, insertCharacters, shiftColumns } from "./characters.ts";
import * as cursor from "./cursor.ts";
import { eraseCharacters, eraseInDisplay, eraseInLine } from "./erase.ts";
import { attribute, space } from "./line.ts";
import { restorePrivateMode, savePrivateMode, setAnsiMode, setPrivateMode } from "./modes.ts";
import type { Parameters } from "./parameters.ts";
import { print } from "./print.ts";
import * as rectangles from "./rectangles.ts";
import { popRendition, pushRendition, selectRendition } from "./rendition.ts";
import { restoreCursor, saveCursor, softReset } from "./screens.ts";
import { deleteLines, insertLines, scrollDown, scrollUp } from "./scroll.ts";
import type { Vt } from "./vt.ts";

type Sequence = (vt: Vt, p: Parameters) => void;

const { place, moveTo } = cursor;

function repeatWhile(count: number, step: () => boolean): void {
  for (let left = count; left > 0 && step(); left--);
}

/** DECSTBM and DECSLRM: both margins, or null when they make no region. */
function margins(p: Parameters, size: number): [number, number] | null {
  const first = p.count(0);
  const given = p.at(1);
  const last = given === 0 || given > size ? size : given;
  return last > first ? [first - 1, last - 1] : null;
}

function forEachMode(set: (vt: Vt, mode: number, on: boolean) => void, on: boolean): Sequence {
  return (vt, p) => {
    for (const mode of p.all()) set(vt, mode, on);
  };
}

/** XTMODKEYS's number for modifyOtherKeys: all keys but those of the cursor, functions and keypad. */
const otherKeys = 4;

/** Control sequences: prefix, intermediate and final character, as in DEC's and xterm's manuals. */
const sequences: Record<string, Sequence> = {
  "@": (vt, p) => insertCharacters(vt, p.count(0)),
  A: (vt, p) => cursor.moveUp(vt, p.count(0)),
  B: (vt, p) => cursor.moveDown(vt, p.count(0)),
  C: (vt, p) => cursor.moveRight(vt, p.count(0)),
  D: (vt, p) => cursor.moveLeft(vt, p.count(0)),
  E: (vt, p) => {
    cursor.moveDown(vt, p.count(0));
    cursor.carriageReturn(vt);
  },
  F: (vt, p) => {
    cursor.moveUp(vt, p.count(0));
    cursor.carriageReturn(vt);
  },
  G: (vt, p) => moveTo(vt, place(vt).row, p.count(0) - 1),
  "`": (vt, p) => moveTo(vt, place(vt).row, p.count(0) - 1),
  H: (vt, p) => moveTo(vt, p.count(0) - 1, p.count(1) - 1),
  f: (vt, p) => moveTo(vt, p.count(0) - 1, p.count(1) - 1),
  I: (vt, p) => repeatWhile(p.count(0), () => cursor.tabForward(vt)),
  J: (vt, p) => eraseInDisplay(vt, p.at(0), "ansi"),
  K: (vt, p) => eraseInLine(vt, p.at(0), "ansi"),
  "?J": (vt, p) => eraseInDisplay(vt, p.at(0), "dec"),
  "?K": (vt, p) => eraseInLine(vt, p.at(0), "dec"),
  L: (vt, p) => insertLines(vt, p.count(0)),
  M: (vt, p) => deleteLines(vt, p.count(0)),
  P: (vt, p) => deleteCharacters(vt, p.count(0)),
  S: (vt, p) => scrollUp(vt, p.count(0)),
  // With more parameters, or 0, it is about the mouse.
  T: (vt, p) => {
    if (p.length === 1 && p.raw(0) !== 0) scrollDown(vt, p.count(0));
  },
  "^": (vt, p) => scrollDown(vt, p.count(0)),
  X: (vt, p) => eraseCharacters(vt, p.count(0)),
  Z: (vt, p) => repeatWhile(p.count(0), () => cursor.tabBack(vt)),
  a: (vt, p) => moveTo(vt, place(vt).row, place(vt).column + p.count(0)),
  b: (vt, p) => {
    const code = vt.lastCharacter;
    if (code < 0 || vt.width(code) <= 0) return;
    for (let count = p.count(0); count > 0; count--)
      print(vt, [code], vt.sets[vt.shift] ?? "ascii");
  },
  d: (vt, p) => moveTo(vt, p.count(0) - 1, place(vt).column),
  e: (vt, p) => moveTo(vt, place(vt).row + p.count(0), place(vt).column),
  g: (vt, p) => {
    if (p.at(0) === 0) vt.tabs[vt.column] = 0;
    else if (p.at(0) === 3) vt.tabs.fill(0);
  },
  h: forEachMode(setAnsiMode, true),
  l: forEachMode(setAnsiMode, false),
  "?h": forEachMode(setPrivateMode, true),
  "?l": forEachMode(setPrivateMode, false),
  "?s": forEachMode(savePrivateMode, true),
  "?r": forEachMode(restorePrivateMode, true),
  m: selectRendition,
  ">m": (vt, p) => {
    if (p.isEmpty || p.at(0) === otherKeys) vt.input.otherKeys = p.at(1);
  },
  ">n": (vt, p) => {
    if (p.at(0) === otherKeys) vt.input.otherKeys = 0;
  },
  "#{": pushRendition,
  "#p": pushRendition,
  "#}": popRendition,
  "#q": popRendition,
  r: (vt, p) => {
    const rows = margins(p, vt.rows);
    if (!rows) return;
    cursor.setRowMargins(vt, ...rows);
    moveTo(vt, 0, 0);
  },
  s: (vt, p) => {
    if (!vt.modes.leftRight) {
      if (p.isEmpty) saveCursor(vt);
      return;
    }
    const columns = margins(p, vt.columns);
    if (!columns) return;
    cursor.setColumnMargins(vt, ...columns);
    moveTo(vt, 0, 0);
  },
  u: (vt, p) => {
    if (p.isEmpty) restoreCursor(vt);
  },
  t: (vt, p) => {
    const aboutWindow = [0, 2].includes(p.at(1));
    if (p.at(0) === 22 && aboutWindow) vt.listener.titlePushed();
    else if (p.at(0) === 23 && aboutWindow) vt.listener.titlePopped();
  },
  "!p": softReset,
  " q": (vt, p) => {
    vt.input.cursorShape = p.at(0) <= 6 ? p.at(0) : 0;
  },
  '"q': (vt, p) => {
    vt.protection = "dec";
    if (p.at(0) === 0 || p.at(0) === 2) vt.pen.attributes &= ~attribute.protected;
    else if (p.at(0) === 1) vt.pen.attributes |= attribute.protected;
  },
  '"p': (vt, p) => {
    if (p.at(0) < 61 || p.at(0) > 64) return;
    softReset(vt);
    vt.level = p.at(0) - 60;
    vt.ansiLevel = vt.level > 1 ? 3 : 1;
  },
  " @": (vt, p) => shiftColumns(vt, p.count(0), "left", vt.leftMargin),
  " A": (vt, p) => shiftColumns(vt, p.count(0), "right", vt.leftMargin),
  "'}": (vt, p) => {
    if (vt.level >= 4) shiftColumns(vt, p.count(0), "right", vt.column);
  },
  "'~": (vt, p) => {
    if (vt.level >= 4) shiftColumns(vt, p.count(0), "left", vt.column);
  },
  $r: (vt, p) => rectangles.markRectangle(vt, p.all(), false),
  $t: (vt, p) => rectangles.markRectangle(vt, p.all(), true),
  $v: (vt, p) => rectangles.copyRectangle(vt, p.all()),
  $x: (vt, p) => {
    const code = p.at(0) || space;
    if (isPrintable(vt, code)) rectangles.fillRectangle(vt, p.all().slice(1), code);
  },
  $z: (vt, p) => rectangles.fillRectangle(vt, p.all(), space),
  "${": (vt, p) => rectangles.wipeRectangle(vt, p.all()),
  "$~": (vt, p) => {
    vt.lastingDoubt = p.at(0) > 0 ? "a program has opened xterm's status line" : null;
  },
  "*x": (vt, p) => {
    vt.exactRectangles = p.at(0) === 2;
  },
};

function isPrintable(vt: Vt, code: number): boolean {
  return code < 256 ? (code >= space && code < 0x7f) || code >= 0xa0 : vt.width(code) > 0;
}

/** Sequences that xterm takes from no VT below the fourth level. */
const rectangular = new Set(["$r", "$t", "$v", "$x", "$z", "${"]);

const table = new Map(
  Object.entries(sequences).map(([name, sequence]) => {
    const guarded: Sequence = (vt, p) => {
      if (vt.level >= 4) sequence(vt, p);
    };
    return [keyOf(name), rectangular.has(name) ? guarded : sequence] as const;
  }),
);

function keyOf(name: string): number {
  const [final = "", other = ""] = [...name].reverse();
  return key(other.charCodeAt(0) || 0, final.charCodeAt(0));
}

/** `other` is the prefix or the intermediate character, 0 without. */
function key(other: number, final: number): number {
  return (other << 8) | final;
}

/** Executes a control sequence that has ended; xterm ignores those it does not know. */
export function control(vt: Vt, other: number, final: number, p: Parameters): void {
  table.get(key(other, final))?.(vt, p);
}
