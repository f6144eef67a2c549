import type { Modifier } from "./aliases.ts";
import type { Chord } from "./chord.ts";
import { keysymNames } from "./keysyms.ts";
import { modifierKeysyms } from "./names.ts";
import { keysymCharacter } from "./unicode.ts";

/**
 * What a terminal's keyboard sends for text: Return (`\r`) for each line end, whether written
 * `\n`, `\r` or `\r\n`, and DEL for a backspace, as the BackSpace key does.
 */
export function textBytes(text: string): string {
  return text.replace(/\r\n|\n/g, "\r").replaceAll("\b", "\x7f");
}

/** Keys that xterm sends as `CSI number ~`. */
const tilde: Readonly<Record<string, number>> = {
  Insert: 2,
  Delete: 3,
  Page_Up: 5,
  Page_Down: 6,
  F5: 15,
  F6: 17,
  F7: 18,
  F8: 19,
  F9: 20,
  F10: 21,
  F11: 23,
  F12: 24,
  F13: 25,
  F14: 26,
  F15: 28,
  F16: 29,
  F17: 31,
  F18: 32,
  F19: 33,
  F20: 34,
  Menu: 29,
};

/** Keys that xterm sends as `CSI letter`, or `SS3 letter` in application cursor mode. */
const cursor: Readonly<Record<string, string>> = {
  Up: "A",
  Down: "B",
  Right: "C",
  Left: "D",
  Begin: "E",
  End: "F",
  Home: "H",
};

/** Keys that xterm always sends as `SS3 letter`. */
const ss3: Readonly<Record<string, string>> = { F1: "P", F2: "Q", F3: "R", F4: "S" };

/** Keys of the keypad as Xvnc, with Num Lock off, types them. */
const keypad: Readonly<Record<string, string>> = {
  KP_Space: " ",
  KP_Multiply: "*",
  KP_Add: "+",
  KP_Separator: ",",
  KP_Subtract: "-",
  KP_Decimal: ".",
  KP_Divide: "/",
  KP_Equal: "=",
};

/**
 * The bytes that xterm sends for a chord in its normal mode with `metaSendsEscape` ("XTerm
 * Control Sequences", PC-Style Function Keys), or null for a key that sends none (a modifier,
 * a media key).
 */
export function chordBytes(
  { modifiers, keysym }: Pick<Chord, "modifiers" | "keysym">,
  options: { applicationCursor?: boolean } = {},
): string | null {
  const held = (modifier: Modifier) => modifiers.includes(modifierKeysyms[modifier]);
  const [ctrl, alt, shift] = [held("ctrl"), held("alt"), held("shift")];
  const name = keysymNames.get(keysym) ?? "";
  const parameter = 1 + (shift ? 1 : 0) + (alt ? 2 : 0) + (ctrl ? 4 : 0);

  const plainName = name.replace(/^KP_(?=[A-Z][a-z])/, "");
  const number = tilde[plainName];
  if (number !== undefined) {
    return parameter === 1 ? `\x1b[${number}~` : `\x1b[${number};${parameter}~`;
  }
  const letter = cursor[plainName] ?? ss3[plainName];
  if (letter !== undefined) {
    if (parameter > 1) return `\x1b[1;${parameter}${letter}`;
    return plainName in ss3 || options.applicationCursor ? `\x1bO${letter}` : `\x1b[${letter}`;
  }
  const bytes = simple(keysym, name, ctrl, shift);
  return bytes === null ? null : (alt ? "\x1b" : "") + bytes;
}

function simple(keysym: number, name: string, ctrl: boolean, shift: boolean): string | null {
  if (name === "Tab" || name === "KP_Tab") return shift ? "\x1b[Z" : "\t";
  if (name === "Return" || name === "KP_Enter") return "\r";
  if (name === "Linefeed") return "\n";
  if (name === "Escape") return "\x1b";
  if (name === "BackSpace") return ctrl ? "\b" : "\x7f";
  const digit = /^KP_([0-9])$/.exec(name)?.[1];
  const character = digit ?? keypad[name] ?? keysymCharacter(keysym);
  if (character === null) return null;
  return ctrl ? withControl(character) : character;
}

/** A character with Ctrl, as xterm reduces it: letters and `@[\]^_` by ECMA-48, digits as DEC did. */
function withControl(character: string): string {
  if (/^[@-_a-z]$/.test(character)) {
    return String.fromCharCode(character.charCodeAt(0) & 0x1f);
  }
  const at = " 2345678/?".indexOf(character);
  return "\0\0\x1b\x1c\x1d\x1e\x1f\x7f\x1f\x7f".charAt(at) || character;
}
