import { NexoraError } from "../../src/contract/errors.ts";
import type { Chord } from "../../src/keys/chord.ts";
import { keysymOf } from "../../src/keys/keysyms.ts";
import { modifierKeysyms } from "../../src/keys/names.ts";
import { characterKeysym } from "../../src/keys/unicode.ts";
import type { KeyEvent } from "../display/types.ts";

/** A key going down and up again, with modifiers held around it. */
export type Stroke = Pick<Chord, "modifiers" | "keysym">;

const keyOf: Readonly<Record<string, Stroke>> = {
  "\n": { modifiers: [], keysym: keysymOf("Return") },
  "\r": { modifiers: [], keysym: keysymOf("Return") },
  "\t": { modifiers: [], keysym: keysymOf("Tab") },
  "\b": { modifiers: [], keysym: keysymOf("BackSpace") },
  "\x7f": { modifiers: [], keysym: keysymOf("BackSpace") },
  "\x1b": { modifiers: [], keysym: keysymOf("Escape") },
};

/**
 * The keys that a person would press for a text. `\n`, `\r` and `\r\n` are each one Return;
 * control characters are their chords (`\x03` is ctrl+c).
 *
 * @throws NexoraError `usage` for a character that no key carries.
 */
export function textStrokes(text: string): Stroke[] {
  return Array.from(text.replaceAll("\r\n", "\r"), strokeOf);
}

function strokeOf(character: string): Stroke {
  const codePoint = character.codePointAt(0) ?? 0;
  const named = keyOf[character];
  if (named) return named;
  if (codePoint < 0x20) {
    // ctrl+space rather than ctrl+@ for NUL, ctrl+a and so on in small letters: no Shift.
    const key = codePoint === 0 ? 0x20 : codePoint > 26 ? codePoint + 0x40 : codePoint + 0x60;
    return { modifiers: [modifierKeysyms.ctrl], keysym: key };
  }
  const keysym = characterKeysym(codePoint);
  if (keysym === null) {
    const name = `U+${codePoint.toString(16).toUpperCase().padStart(4, "0")}`;
    throw new NexoraError("usage", `no key types ${name}; nothing was typed`, {
      hint: "a terminal accepts it; for other windows, leave it out",
    });
  }
  return { modifiers: [], keysym };
}

/**
 * Whether Xvnc's keymap (US, 105 keys) has a keysym. It gives any other one of its spare
 * keycodes, and takes the longest unused back when none is left.
 */
export function inKeymap(keysym: number): boolean {
  if (keysym < 0x7f) return true;
  return keysym >= 0xfe00 && keysym <= 0xffff && !(keysym > f12 && keysym <= f35);
}
const f12 = keysymOf("F12");
const f35 = keysymOf("F35");

/** The key events of strokes: after them, every key is up again. */
export function strokeEvents(strokes: readonly Stroke[]): KeyEvent[] {
  return strokes.flatMap((stroke) => [...downEvents(stroke), ...upEvents(stroke)]);
}

export function downEvents({ modifiers, keysym }: Stroke): KeyEvent[] {
  return [...modifiers, keysym].map((it) => ({ keysym: it, down: true }));
}

export function upEvents({ modifiers, keysym }: Stroke): KeyEvent[] {
  return [keysym, ...modifiers.toReversed()].map((it) => ({ keysym: it, down: false }));
}
