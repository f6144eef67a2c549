import { NexoraError } from "../contract/errors.ts";
import { type Modifier, modifierLetters, modifierWords } from "./aliases.ts";
import { keysymNames, keysymOf } from "./keysyms.ts";
import { keyName, modifierKeysyms, namedKeysym, nearestKeys } from "./names.ts";
import { characterKeysym, keysymCharacter, withShift } from "./unicode.ts";

/** A key with the modifiers that are held around it. */
export interface Chord {
  /** Its one canonical spelling, for example `ctrl+shift+t`; parses to itself. */
  readonly canonical: string;
  /** Keysyms of the modifiers, in the order in which they go down. */
  readonly modifiers: readonly number[];
  /** Keysym of the key. */
  readonly keysym: number;
}

const nameOrder: readonly Modifier[] = ["ctrl", "alt", "shift", "super"];
/** Order in which modifiers go down: Shift last, because Xvnc turns an Alt under Shift into Meta. */
export const pressOrder: readonly Modifier[] = ["ctrl", "alt", "super", "shift"];

/**
 * Reads one chord: X's names (`Return`, `ctrl+shift+t`, `KP_0`), tmux's (`C-c`, `M-x`, `^c`,
 * `PPage`), Playwright's (`Control+c`, `ArrowLeft`, `Digit1`), vncdo's (`ctrl-c`, `pgup`), plain
 * words (`enter`) or one character. `meta` is the web's: the super key.
 *
 * Case never matters, but for one letter on its own: `A` is a capital A, `ctrl+A` is `ctrl+a`,
 * and `ctrl+shift+a` says Shift. With Shift the keysym is the shifted one (`T`, `!`), as a
 * viewer would send it: Xvnc lifts Shift around a keysym that does not need it.
 *
 * @throws NexoraError `usage` with the nearest names when there is no such key.
 */
export function parseChord(text: string): Chord {
  const { modifiers, rest } = splitModifiers(text.normalize("NFC"));
  if (/^(btab|backtab|iso_left_tab)$/i.test(rest)) {
    return chord(modifiers.add("shift"), keysymOf("Tab"));
  }
  const keysym = namedKeysym(rest);
  if (keysym === null) throw unknownKey(text, rest);
  return chord(modifiers, keysym);
}

function chord(modifiers: ReadonlySet<Modifier>, keysym: number): Chord {
  const names: string[] = nameOrder.filter((modifier) => modifiers.has(modifier));
  const held = pressOrder.filter((it) => modifiers.has(it)).map((it) => modifierKeysyms[it]);
  const written = keysymCharacter(keysym);
  if (written === null) {
    return { canonical: [...names, keyName(keysym)].join("+"), modifiers: held, keysym };
  }
  const character = names.length > 0 ? lowerCase(written) : written;
  const sent = modifiers.has("shift") ? withShift(character) : character;
  return {
    canonical: [...names, characterName(character)].join("+"),
    modifiers: held,
    keysym: characterKeysym(sent.codePointAt(0) ?? 0) ?? keysym,
  };
}

/** Takes the modifiers off the front, `^` too; a `+`, `-` or `^` at the very end is the key. */
function splitModifiers(text: string): { modifiers: Set<Modifier>; rest: string } {
  const modifiers = new Set<Modifier>();
  let rest = text;
  for (;;) {
    const parts = /^([A-Za-z_]+)([+-])(.+)$/su.exec(rest);
    const word = parts?.[1]?.toLowerCase() ?? "";
    const letter = parts?.[2] === "-" ? modifierLetters.get(word) : undefined;
    const modifier = modifierWords.get(word) ?? letter;
    if (modifier === undefined) {
      const control = /^\^([@-_a-z?])$/.exec(rest)?.[1];
      return control ? { modifiers: modifiers.add("ctrl"), rest: control } : { modifiers, rest };
    }
    modifiers.add(modifier);
    rest = parts?.[3] ?? "";
  }
}

/** Blanks go by their name, all else by itself. */
function characterName(character: string): string {
  if (!/^\s$/u.test(character)) return character;
  const codePoint = character.codePointAt(0) ?? 0;
  return keysymNames.get(codePoint) ?? `U+${codePoint.toString(16).toUpperCase().padStart(4, "0")}`;
}

function lowerCase(character: string): string {
  const lower = character.toLowerCase();
  return [...lower].length === 1 ? lower : character;
}

function unknownKey(text: string, key: string): NexoraError {
  const near = nearestKeys(key);
  const where = key === text ? "" : ` (in ${JSON.stringify(text.slice(0, 64))})`;
  return new NexoraError(
    "usage",
    `there is no key ${JSON.stringify(key.slice(0, 40))}${where}; no key was pressed`,
    {
      hint:
        near.length > 0
          ? `did you mean ${near.join(", ")}?`
          : "keys have X's names: Return, Escape, ctrl+c, F5; to type text, use `nexora type`",
      details: { key: key.slice(0, 64), nearest: near },
    },
  );
}
