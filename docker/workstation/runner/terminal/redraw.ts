import { attribute, hidden, type Line, space } from "./emulator/line.ts";
import { lineText } from "./emulator/text.ts";
import { initialTabs, type Vt } from "./emulator/vt.ts";
import { style } from "./style.ts";

/** Undoes what another screen may have left: modes, margins, character sets, the alternate screen. */
const clean = [
  "\x1b[!p\x1b[?1049l\x1b[?69l\x1b[?6l\x1b[r\x1b[4;20l\x1b[?7h",
  "\x1b[?1;5;45;1045;9;1000;1001;1002;1003;1004;1005;1006;1015;1016;2004l",
  "\x1b>\x1b(B\x1b)B\x0f",
].join("");
const plain = { attributes: 0, foreground: 0, background: 0 };
const clear = "\x1b[m\x1b[2J";

/**
 * The bytes that draw a terminal's screen, with colours, cursor, margins and modes, on one of the
 * same size, whatever that showed before.
 */
export function redraw(vt: Vt, title: string): string {
  let out = (title === "" ? "" : `\x1b]2;${title}\x1b\\`) + clean + clear + lines(vt, vt.normal);
  if (vt.isAlternate) out += `${savedCursor(vt, 0)}\x1b[?1049h${clear}${lines(vt, vt.lines)}`;
  out += tabs(vt) + margins(vt) + savedCursor(vt, vt.isAlternate ? 1 : 0);
  return out + cursor(vt) + modes(vt) + style(vt, vt.pen);
}

function at(row: number, column: number): string {
  return `\x1b[${row + 1};${column + 1}H`;
}

function lines(vt: Vt, all: readonly Line[]): string {
  let out = "";
  let wanted = "";
  let isWrapped = false;
  for (const [row, line] of all.entries()) {
    const columns = vt.lastColumn(line) + 1;
    const length = shownCells(vt, line, columns);
    if (line.double !== 0) out += `${at(row, 0)}\x1b#${line.double}`;
    if (length > 0 && !isWrapped) out += at(row, 0);
    for (let column = 0; column < length; column++) {
      const style = cellStyle(vt, line, column);
      if (style !== wanted) out += style;
      wanted = style;
      out += character(vt, line, column, columns);
    }
    isWrapped = line.wrapped && length > 0 && wraps(vt, line, all[row + 1], length);
  }
  return out;
}

/** Cells up to the last one that shows something, or was written as a space. */
function shownCells(vt: Vt, line: Line, columns: number): number {
  const none = style(vt, plain);
  let length = columns;
  while (length > 0) {
    const isDrawn = ((line.cells[length - 1] ?? 0) & attribute.drawn) !== 0;
    if (isDrawn || line.code(length - 1) > space) break;
    if (cellStyle(vt, line, length - 1) !== none) break;
    length--;
  }
  return length;
}

function cellStyle(vt: Vt, line: Line, column: number): string {
  return style(vt, {
    attributes: line.cells[column] ?? 0,
    foreground: line.foreground[column] ?? 0,
    background: line.background[column] ?? 0,
  });
}

function character(vt: Vt, line: Line, column: number, columns: number): string {
  const code = line.code(column);
  if (code === hidden && column > 0 && vt.width(line.code(column - 1)) === 2) return "";
  // Half a character, at the edge of what was wider before, cannot be drawn.
  if (code !== hidden && vt.width(code) === 2) {
    return column + 1 < columns && line.isHidden(column + 1)
      ? lineText(line, column, column + 2)
      : " ";
  }
  return lineText(line, column, column + 1);
}

/** Whether the next line's text, written right behind, comes to stand there by wrapping. */
function wraps(vt: Vt, line: Line, next: Line | undefined, length: number): boolean {
  if (!next || line.double !== 0 || next.double !== 0 || next.code(0) < space) return false;
  if (shownCells(vt, next, vt.columns) === 0) return false;
  return length === vt.columns || (length === vt.columns - 1 && vt.width(next.code(0)) === 2);
}

function tabs(vt: Vt): string {
  const initial = initialTabs();
  if (vt.tabs.every((tab, column) => column >= vt.columns || tab === initial[column])) return "";
  const stops = [...vt.tabs.subarray(0, vt.columns).keys()].filter((column) => vt.tabs[column]);
  return `\x1b[3g${stops.map((column) => `${at(0, column)}\x1bH`).join("")}`;
}

function margins(vt: Vt): string {
  let out = "";
  if (vt.top > 0 || vt.bottom < vt.rows - 1) out += `\x1b[${vt.top + 1};${vt.bottom + 1}r`;
  if (vt.modes.leftRight) out += `\x1b[?69h\x1b[${vt.left + 1};${vt.right + 1}s`;
  return out;
}

/** A position as CUP takes it in this origin mode. */
function point(vt: Vt, origin: boolean, row: number, column: number): string {
  if (!origin) return at(row, column);
  return `\x1b[?6h${at(Math.max(row - vt.top, 0), Math.max(column - vt.left, 0))}`;
}

function savedCursor(vt: Vt, screen: 0 | 1): string {
  const saved = vt.saved[screen];
  if (!saved) return `${style(vt, plain)}${at(0, 0)}\x1b7`;
  const place = point(vt, saved.origin, saved.row, saved.column);
  return `${style(vt, saved.pen)}${place}\x1b7${saved.origin ? "\x1b[?6l" : ""}`;
}

/** Where the cursor is; while a wrap is pending, by writing the last character again. */
function cursor(vt: Vt): string {
  const { row, column } = vt;
  if (!vt.pendingWrap) return point(vt, vt.modes.origin, row, column);
  const line = vt.line(row);
  const first = line.isHidden(column) && column > 0 ? column - 1 : column;
  const text = cellStyle(vt, line, first) + character(vt, line, first, vt.columns);
  return point(vt, vt.modes.origin, row, first) + text;
}

function modes(vt: Vt): string {
  const { input, modes } = vt;
  const on = (isOn: boolean, ...codes: number[]) => (isOn ? codes : []);
  const set = [
    ...on(input.applicationCursor, 1),
    ...on(modes.reverseVideo, 5),
    ...on(modes.reverseWrap, 45),
    ...on(input.applicationKeypad, 66),
    ...on(input.mouse !== 0, input.mouse),
    ...on(input.sendFocus, 1004),
    ...on(input.mouseEncoding !== 0, input.mouseEncoding),
    ...on(modes.reverseWrapFully, 1045),
    ...on(input.bracketedPaste, 2004),
  ];
  let out = set.map((mode) => `\x1b[?${mode}h`).join("");
  if (!modes.wraparound) out += "\x1b[?7l";
  if (modes.insert) out += "\x1b[4h";
  if (modes.newLine) out += "\x1b[20h";
  if (!input.cursorVisible) out += "\x1b[?25l";
  if (input.cursorShape !== 0) out += `\x1b[${input.cursorShape} q`;
  for (const [slot, set] of vt.sets.entries()) {
    if (set === "graphics") out += `\x1b${"()*+"[slot]}0`;
  }
  return out + (["", "\x0e", "\x1bn", "\x1bo"][vt.shift] ?? "");
}
