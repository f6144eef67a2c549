import { NexoraError } from "../../src/contract/errors.ts";
import { modifierWords } from "../../src/keys/aliases.ts";
import { parseChord } from "../../src/keys/chord.ts";
import type { Modifier } from "../input/pointer.ts";

/**
 * Modifiers that are held during an action, from xdotool's `ctrl+shift` or a list of names. Throws
 * `usage` for a key that is none: only modifiers can be held with the pointer.
 */
export function modifiersOf(keys: string | readonly string[] | null | undefined): Modifier[] {
  const names = typeof keys === "string" ? keys.split("+") : (keys ?? []);
  const wanted = names.map((name) => name.trim()).filter((name) => name !== "");
  return [...new Set(wanted.map(modifierOf))];
}

function modifierOf(name: string): Modifier {
  const left = name
    .toLowerCase()
    .replace(/_r$/, "_l")
    .replace(/right$/, "left");
  const modifier = modifierWords.get(left);
  if (modifier) return modifier;
  const what = JSON.stringify(name.slice(0, 40));
  throw new NexoraError("usage", `${what} is no modifier: ctrl, shift, alt and super can be held`);
}

/**
 * Chords of xdotool's `key`: one, such as `ctrl+shift+t`, or several with blanks between them. Throws
 * `usage` when one is no key.
 */
export function chordsOfText(text: string): string[] {
  const parts = joined(text).trim().split(/\s+/);
  // "Page Down" is one key, "d c" are two, and a blank on its own is the space bar.
  const areCharacters = parts.every((part) => /(^|[+-])\S$/u.test(part));
  const isOne = text.trim() === "" || (!areCharacters && isChord(joined(text)));
  const chords = isOne ? [joined(text)] : parts;
  return chords.map((chord) => parseChord(chord).canonical);
}

/** `ctrl + s` → `ctrl+s`. */
function joined(text: string): string {
  return text.replace(/(\w+)\s*\+\s*(?=\S)/g, (written, word: string) =>
    modifierWords.has(word.toLowerCase()) ? `${word}+` : written,
  );
}

function isChord(text: string): boolean {
  try {
    parseChord(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Chords of OpenAI's `keypress`: modifiers hold for the keys behind them, until the next modifier, so
 * `["CTRL", "A"]` is one chord and `["DOWN", "DOWN", "ENTER"]` are three keys. Throws `usage` when one
 * is no key.
 */
export function chordsOfKeys(keys: readonly string[]): string[] {
  const chords: string[] = [];
  let held: string[] = [];
  let used = false;
  for (const key of keys) {
    if (!modifierWords.has(key.toLowerCase())) {
      chords.push([...held, key].join("+"));
      used = true;
      continue;
    }
    held = used ? [key] : [...held, key];
    used = false;
  }
  if (!used) chords.push(held.join("+"));
  return chords.map((chord) => parseChord(chord).canonical);
}
