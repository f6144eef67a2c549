import { usageError } from "./usage.ts";

const simple: Record<string, string> = {
  n: "\n",
  r: "\r",
  t: "\t",
  e: "\x1b",
  b: "\b",
  "\\": "\\",
};

/**
 * Reads the escapes of `nexora type`'s argument: `\n \r \t \e \b \\`, `\xHH` (the character
 * U+00HH, so `\x1b` is Escape) and `\u{H…}` (any character but surrogates). Throws a usage
 * error on any other backslash: half-read code must never be typed.
 */
export function readEscapes(text: string): string {
  let result = "";
  let at = 0;
  for (;;) {
    const backslash = text.indexOf("\\", at);
    if (backslash < 0) return result + text.slice(at);
    const [character, length] = readEscape(text, backslash);
    result += text.slice(at, backslash) + character;
    at = backslash + length;
  }
}

/** The character that an escape stands for, and how many characters of `text` it takes. */
function readEscape(text: string, at: number): [string, number] {
  const letter = text[at + 1] ?? "";
  const known = Object.hasOwn(simple, letter) ? simple[letter] : undefined;
  if (known !== undefined) return [known, 2];
  const rest = text.slice(at, at + 12);
  const hex = /^\\(?:x([0-9a-fA-F]{2})|u\{([0-9a-fA-F]{1,6})\})/.exec(rest);
  const code = Number.parseInt(hex?.[1] ?? hex?.[2] ?? "", 16);
  if (hex && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)) {
    return [String.fromCodePoint(code), hex[0].length];
  }
  const shown =
    letter === "" ? "\\ at the end" : (/^\\(u\{[^}]*\}?|x..?|.)/su.exec(rest)?.[0] ?? "\\");
  throw usageError(
    `unknown escape ${shown} at character ${at + 1} of the text; nothing was typed`,
    "write \\\\ for a backslash or use --literal",
  );
}
