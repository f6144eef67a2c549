import { keyName } from "../../../src/keys/names.ts";
import { keysymCharacter } from "../../../src/keys/unicode.ts";

/** A key as the web has it (UI Events KeyboardEvent key and code values), with Windows' number of it. */
export interface WebKey {
  key: string;
  code: string;
  keyCode: number;
  /** What it writes. */
  text?: string;
}

const named: Readonly<Record<string, [key: string, code: string, keyCode: number]>> = {
  Return: ["Enter", "Enter", 13],
  KP_Enter: ["Enter", "NumpadEnter", 13],
  Tab: ["Tab", "Tab", 9],
  BackSpace: ["Backspace", "Backspace", 8],
  Delete: ["Delete", "Delete", 46],
  Insert: ["Insert", "Insert", 45],
  Escape: ["Escape", "Escape", 27],
  Home: ["Home", "Home", 36],
  End: ["End", "End", 35],
  Page_Up: ["PageUp", "PageUp", 33],
  Page_Down: ["PageDown", "PageDown", 34],
  Left: ["ArrowLeft", "ArrowLeft", 37],
  Up: ["ArrowUp", "ArrowUp", 38],
  Right: ["ArrowRight", "ArrowRight", 39],
  Down: ["ArrowDown", "ArrowDown", 40],
  Menu: ["ContextMenu", "ContextMenu", 93],
  Pause: ["Pause", "Pause", 19],
  Caps_Lock: ["CapsLock", "CapsLock", 20],
  ctrl: ["Control", "ControlLeft", 17],
  shift: ["Shift", "ShiftLeft", 16],
  alt: ["Alt", "AltLeft", 18],
  super: ["Meta", "MetaLeft", 91],
};

/** Keys of the US layout beside letters and digits: code and number, by both characters. */
const punctuation: readonly [characters: string, code: string, keyCode: number][] = [
  [";:", "Semicolon", 186],
  ["=+", "Equal", 187],
  [",<", "Comma", 188],
  ["-_", "Minus", 189],
  [".>", "Period", 190],
  ["/?", "Slash", 191],
  ["`~", "Backquote", 192],
  ["[{", "BracketLeft", 219],
  ["\\|", "Backslash", 220],
  ["]}", "BracketRight", 221],
  ["'\"", "Quote", 222],
];
/** Keys of the keypad by X's names. */
const keypad: ReadonlyMap<string, WebKey> = new Map([
  ...Array.from({ length: 10 }, (_, digit): [string, WebKey] => {
    const text = String(digit);
    return [text, { key: text, code: `Numpad${text}`, keyCode: 96 + digit, text }];
  }),
  ...["Multiply*", "Add+", "Subtract-", "Decimal.", "Divide/"].map((both): [string, WebKey] => {
    const [name, text] = [both.slice(0, -1), both.slice(-1)];
    const keyCode = { "*": 106, "+": 107, "-": 109, ".": 110, "/": 111 }[text] ?? 0;
    return [name, { key: text, code: `Numpad${name}`, keyCode, text }];
  }),
]);
const shiftedDigits = ")!@#$%^&*(";

/** The web's key for a keysym. A character that the US layout lacks has no code. */
export function webKey(keysym: number): WebKey {
  const name = keyName(keysym);
  const known = Object.hasOwn(named, name) ? named[name] : undefined;
  if (known) {
    const [key, code, keyCode] = known;
    return { key, code, keyCode, ...(key === "Enter" ? { text: "\r" } : {}) };
  }
  const pad = keypad.get(name.replace(/^KP_/, ""));
  if (name.startsWith("KP_") && pad) return pad;
  const number = /^F(\d+)$/.exec(name)?.[1];
  if (number) return { key: name, code: name, keyCode: 111 + Number(number) };
  const character = keysymCharacter(keysym);
  return character === null ? { key: name, code: "", keyCode: 0 } : characterKey(character);
}

function characterKey(character: string): WebKey {
  const written = { key: character, text: character };
  if (character === " ") return { ...written, code: "Space", keyCode: 32 };
  if (/^[a-z]$/i.test(character)) {
    const letter = character.toUpperCase();
    return { ...written, code: `Key${letter}`, keyCode: letter.charCodeAt(0) };
  }
  const shifted = shiftedDigits.indexOf(character);
  const digit = /^\d$/.test(character) ? Number(character) : shifted;
  if (digit >= 0) return { ...written, code: `Digit${digit}`, keyCode: 48 + digit };
  const [, code = "", keyCode = 0] = punctuation.find(([both]) => both.includes(character)) ?? [];
  return { ...written, code, keyCode };
}
