import { moveTo, resetMargins } from "./cursor.ts";
import { clearScreen } from "./erase.ts";
import {
  enterAlternate,
  leaveAlternate,
  resetDouble,
  restoreCursor,
  saveCursor,
} from "./screens.ts";
import type { MouseMode, Vt } from "./vt.ts";

const switches = {
  7: "wraparound",
  45: "reverseWrap",
  1045: "reverseWrapFully",
  5: "reverseVideo",
  4: "smoothScroll",
} as const;
const inputSwitches = {
  1: "applicationCursor",
  25: "cursorVisible",
  66: "applicationKeypad",
  1004: "sendFocus",
  2004: "bracketedPaste",
} as const;
const mouseModes = [9, 1000, 1001, 1002, 1003] as const satisfies MouseMode[];
const mouseEncodings = [1005, 1006, 1015, 1016];

/** SM and RM. */
export function setAnsiMode(vt: Vt, mode: number, on: boolean): void {
  if (mode === 4) vt.modes.insert = on;
  else if (mode === 20) vt.modes.newLine = on;
}

/** DECSET and DECRST. */
export function setPrivateMode(vt: Vt, mode: number, on: boolean): void {
  const { modes, input } = vt;
  if (has(switches, mode)) modes[switches[mode]] = on;
  else if (has(inputSwitches, mode)) input[inputSwitches[mode]] = on;
  else if (isMouse(mode)) input.mouse = on ? mode : 0;
  else if (mouseEncodings.includes(mode)) {
    if (on) input.mouseEncoding = mode;
    else if (input.mouseEncoding === mode) input.mouseEncoding = 0;
  } else if (mode === 6) {
    modes.origin = on;
    moveTo(vt, 0, 0);
  } else if (mode === 69) setLeftRight(vt, on);
  else if (mode === 3) setColumns(vt, on);
  else if (mode === 40) vt.allow132 = on;
  else if (mode === 41) vt.moreFix = on;
  else if (mode === 1010) vt.outputScrolls = on;
  else if (mode === 95) modes.keepOnColumns = on && vt.level >= 5;
  else if (mode === 2 && !on) vt.lastingDoubt = "a program has switched the terminal to VT52";
  else if (mode === 42 && vt.level >= 2) {
    modes.national = on;
    vt.lastingDoubt = on ? "a program has chosen a national character set" : null;
  } else if (mode === 1046) {
    if (!on && !vt.noAlternate) leaveAlternate(vt);
    vt.noAlternate = !on;
  } else if (!vt.noAlternate) setScreen(vt, mode, on);
}

function setScreen(vt: Vt, mode: number, on: boolean): void {
  if (mode === 47) switchTo(vt, on);
  else if (mode === 1047) {
    if (!on && vt.isAlternate) clearScreen(vt);
    switchTo(vt, on);
  } else if (mode === 1048) {
    if (on) saveCursor(vt);
    else restoreCursor(vt);
  } else if (mode === 1049 && on) {
    saveCursor(vt);
    enterAlternate(vt);
    clearScreen(vt);
  } else if (mode === 1049) {
    leaveAlternate(vt);
    restoreCursor(vt);
  }
}

function switchTo(vt: Vt, alternate: boolean): void {
  if (alternate) enterAlternate(vt);
  else leaveAlternate(vt);
}

/** DECLRMM. */
function setLeftRight(vt: Vt, on: boolean): void {
  if (vt.level < 4) return;
  vt.modes.leftRight = on;
  if (on) resetDouble(vt);
  else {
    vt.left = 0;
    vt.right = vt.columns - 1;
  }
}

/** DECCOLM. What follows is laid out for a width that xterm tells of only later. */
function setColumns(vt: Vt, on: boolean): void {
  if (!vt.allow132) return;
  if (!vt.modes.keepOnColumns) clearScreen(vt);
  if (vt.columns === (on ? 132 : 80)) vt.lastingDoubt = null;
  else vt.lastingDoubt = "a program has changed the number of columns";
  vt.modes.columns132 = on;
  resetDouble(vt);
  resetMargins(vt);
  moveTo(vt, 0, 0);
}

/** XTSAVE. */
export function savePrivateMode(vt: Vt, mode: number): void {
  if (mode === 1048) saveCursor(vt);
  else vt.savedModes.set(mode, privateMode(vt, mode));
}

/** XTRESTORE. */
export function restorePrivateMode(vt: Vt, mode: number): void {
  const saved = vt.savedModes.get(mode);
  if (mode === 1048) restoreCursor(vt);
  else if (saved === undefined) return;
  else if (isMouse(mode))
    vt.input.mouse = isMouse(Number(saved)) ? (Number(saved) as MouseMode) : 0;
  else setPrivateMode(vt, mode, saved === true);
}

function privateMode(vt: Vt, mode: number): boolean | number {
  if (has(switches, mode)) return vt.modes[switches[mode]];
  if (has(inputSwitches, mode)) return vt.input[inputSwitches[mode]];
  if (isMouse(mode)) return vt.input.mouse;
  if (mouseEncodings.includes(mode)) return vt.input.mouseEncoding === mode;
  if (mode === 6) return vt.modes.origin;
  if (mode === 69) return vt.modes.leftRight;
  if (mode === 3) return vt.modes.columns132;
  if (mode === 40) return vt.allow132;
  if (mode === 41) return vt.moreFix;
  if (mode === 1010) return vt.outputScrolls;
  return [47, 1047, 1049].includes(mode) && vt.isAlternate;
}

function isMouse(mode: number): mode is (typeof mouseModes)[number] {
  return mouseModes.some((known) => known === mode);
}

function has<T extends object>(table: T, key: number): key is number & keyof T {
  return key in table;
}
