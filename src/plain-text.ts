/** A text without control characters, which a terminal would obey; line feeds and tabs stay. */
export function plainText(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, "");
}

/** A text of its own: a part that was cut out of another keeps all of that in memory (JavaScriptCore's ropes). */
export function ownText(text: string): string {
  return Buffer.from(text, "utf16le").toString("utf16le");
}

/** What ends lines (Unicode, UAX #14: BK, CR, LF, NL), and tabs. */
const lineEnds = /[\t\n\v\f\r\x85\u2028\u2029]+/g;
/** Control characters, and those that turn the direction of what follows (UAX #9). */
const unprintable = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** A name, title or message of a stranger's as one line of printable characters. */
export function plainLine(text: string): string {
  return text.replace(lineEnds, " ").replace(unprintable, "");
}
