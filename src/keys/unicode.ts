/**
 * The keysym of a character, or null for one that no keysym carries (controls, surrogates,
 * noncharacters). Latin-1 is its own keysym, all else is 0x01000000 + code point
 * (X11 protocol, appendix A). The older keysyms of other alphabets are not needed: Xvnc maps
 * the Unicode form to a key on its own, and xterm, GTK and Chromium read it.
 */
export function characterKeysym(codePoint: number): number | null {
  if (codePoint < 0x20 || (codePoint >= 0x7f && codePoint < 0xa0)) return null;
  if (codePoint <= 0xff) return codePoint;
  if (codePoint >= 0xd800 && codePoint <= 0xdfff) return null;
  if (codePoint > 0x10ffff || (codePoint & 0xfffe) === 0xfffe) return null;
  return 0x01000000 + codePoint;
}

/** The character that a keysym of `characterKeysym` types; null for keys such as `Return`. */
export function keysymCharacter(keysym: number): string | null {
  if (keysym === 0x20ac) return "€";
  const codePoint = keysym >= 0x01000100 && keysym <= 0x0110ffff ? keysym - 0x01000000 : keysym;
  return codePoint === keysym && keysym > 0xff ? null : printable(codePoint);
}

function printable(codePoint: number): string | null {
  return characterKeysym(codePoint) === null ? null : String.fromCodePoint(codePoint);
}

const unshifted = "`1234567890-=[]\\;',./";
const shifted = '~!@#$%^&*()_+{}|:"<>?';

/** What a character becomes with Shift on a US keyboard; itself when Shift changes nothing. */
export function withShift(character: string): string {
  const at = unshifted.indexOf(character);
  if (at >= 0) return shifted.charAt(at);
  const upper = character.toUpperCase();
  return [...upper].length === 1 ? upper : character;
}
