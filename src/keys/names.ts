import { nearest } from "../nearest.ts";
import { keyAliases, type Modifier, modifierWords } from "./aliases.ts";
import { keysymNames, keysymOf, keysyms } from "./keysyms.ts";
import { characterKeysym } from "./unicode.ts";

/** Keysym of each modifier. */
export const modifierKeysyms: Readonly<Record<Modifier, number>> = {
  ctrl: keysymOf("Control_L"),
  alt: keysymOf("Alt_L"),
  shift: keysymOf("Shift_L"),
  super: keysymOf("Super_L"),
};

/** Keys whose canonical name is shorter than X's: the modifiers on their own. */
const shortNames: ReadonlyMap<number, string> = new Map(
  Object.entries(modifierKeysyms).map(([name, keysym]) => [keysym, name]),
);

/** Every name and alias without case, `_`, `-` and blanks. Of Ä and ä, the small one wins. */
const byPlainName: ReadonlyMap<string, number> = new Map([
  ...[...keysyms].map(([name, keysym]): [string, number] => [plain(name), keysym]),
  ...[...keyAliases].map(([alias, name]): [string, number] => [alias, keysymOf(name)]),
  ...[...modifierWords].map(([word, it]): [string, number] => [plain(word), modifierKeysyms[it]]),
]);

/** The keysym of one key: a character, a name, a web `code` or `U+20AC`; null when unknown. */
export function namedKeysym(name: string): number | null {
  const [first, ...others] = name;
  if (first !== undefined && others.length === 0) {
    return characterKeysym(first.codePointAt(0) ?? 0);
  }
  const known =
    keysyms.get(name) ?? byPlainName.get(plain(name)) ?? byPlainName.get(name.toLowerCase());
  if (known !== undefined) return known;
  const code = /^(?:Digit([0-9])|Key([A-Z])|Numpad([0-9]))$/i.exec(name);
  if (code?.[3]) return keysymOf(`KP_${code[3]}`);
  if (code) return characterKeysym((code[1] ?? code[2] ?? "").toLowerCase().charCodeAt(0));
  const unicode = /^U\+?([0-9A-F]{4,6})$/i.exec(name);
  return unicode ? characterKeysym(Number.parseInt(unicode[1] ?? "", 16)) : null;
}

/** Canonical name of a key that is no character. */
export function keyName(keysym: number): string {
  return shortNames.get(keysym) ?? keysymNames.get(keysym) ?? `0x${keysym.toString(16)}`;
}

/** Canonical names of up to three keys that are spelled much like this one. */
export function nearestKeys(name: string): string[] {
  const near = nearest(plain(name), byPlainName.keys(), 6).map((word) =>
    keyName(byPlainName.get(word) ?? 0),
  );
  return [...new Set(near)].slice(0, 3);
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[_\-\s]/g, "");
}
