import { moveTo, resetMargins } from "./cursor.ts";
import { clearScreen } from "./erase.ts";
import { attribute, Line } from "./line.ts";
import { initialInputModes, initialModes, initialTabs, type Vt } from "./vt.ts";

export function enterAlternate(vt: Vt): void {
  vt.alternate ??= Array.from({ length: vt.rows }, () => new Line(vt.columns));
  if (!vt.isAlternate) vt.listener.alternate();
  vt.lines = vt.alternate;
}

export function leaveAlternate(vt: Vt): void {
  vt.lines = vt.normal;
}

/** DECSC; each screen has its own. */
export function saveCursor(vt: Vt): void {
  vt.saved[vt.isAlternate ? 1 : 0] = {
    row: vt.row,
    column: vt.column,
    pen: { ...vt.pen },
    origin: vt.modes.origin,
    pendingWrap: vt.pendingWrap,
    sets: [...vt.sets],
    left: vt.shift,
    right: vt.rightShift,
  };
}

/** DECRC. */
export function restoreCursor(vt: Vt): void {
  const saved = vt.saved[vt.isAlternate ? 1 : 0];
  if (!saved) {
    resetSets(vt);
    vt.modes.origin = false;
    vt.pen = { attributes: 0, foreground: 0, background: 0 };
    moveTo(vt, 0, 0);
    return;
  }
  vt.sets = [...saved.sets];
  vt.shift = saved.left;
  vt.rightShift = saved.right;
  vt.pen = { ...saved.pen };
  vt.modes.origin = saved.origin;
  const [top, left] = saved.origin ? [vt.top, vt.leftMargin] : [0, 0];
  moveTo(vt, saved.row - top, saved.column - left);
  vt.pendingWrap = saved.pendingWrap;
}

/** Makes lines single again; xterm forgets the last one. */
export function resetDouble(vt: Vt): void {
  for (const line of vt.lines.slice(0, -1)) line.double = 0;
}

function resetSets(vt: Vt): void {
  vt.sets = ["ascii", "ascii", "ascii", "ascii"];
  vt.shift = 0;
  vt.rightShift = 2;
  vt.singleShift = 0;
}

/** What DECSTR and RIS have in common. */
function reset(vt: Vt): void {
  vt.input.cursorVisible = true;
  vt.input.cursorShape = 0;
  vt.input.applicationCursor = false;
  vt.input.applicationKeypad = false;
  vt.modes.leftRight = false;
  vt.modes.origin = false;
  resetMargins(vt);
  resetSets(vt);
  vt.pen.foreground = vt.pen.background = 0;
  vt.pen.attributes &= ~attribute.protected;
  vt.protection = "off";
}

/** DECSTR. */
export function softReset(vt: Vt): void {
  reset(vt);
  vt.modes.wraparound = true;
  vt.modes.reverseWrap = false;
  vt.modes.reverseWrapFully = false;
  vt.modes.insert = false;
  // xterm leaves the newer ones.
  const { faint, strikeout, doubleUnderline } = attribute;
  vt.pen.attributes &= faint | strikeout | doubleUnderline;
  saveCursor(vt);
  const saved = vt.saved[vt.isAlternate ? 1 : 0];
  if (saved) saved.row = saved.column = 0;
}

/** RIS. */
export function hardReset(vt: Vt): void {
  vt.scrollback.clear();
  reset(vt);
  if (vt.isAlternate) clearScreen(vt);
  leaveAlternate(vt);
  clearScreen(vt);
  vt.modes = initialModes();
  vt.input = initialInputModes();
  vt.pen = { attributes: 0, foreground: 0, background: 0 };
  vt.tabs = initialTabs();
  vt.exactRectangles = false;
  vt.lastingDoubt = null;
  moveTo(vt, 0, 0);
  saveCursor(vt);
}
