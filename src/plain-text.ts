/** A text without control characters, which a terminal would obey; line feeds and tabs stay. */
export function plainText(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, "");
}

/** What ends lines (Unicode, UAX #14: BK, CR, LF, NL), and tabs. */
const lineEnds = /[\t\n\v\f\r\x85\u2028\u2029]+/g;
/** Control characters, and those that turn the direction of what follows (UAX #9). */
const unprintable = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** A name, title or message of a stranger's as one line of printable characters. */
export function plainLine(text: string): string {
  return text.replace(lineEnds, " ").replace(unprintable, "");
}
