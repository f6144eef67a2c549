/** A text of this length and a pattern of that, multiplied: below it no plain match takes 5 ms. */
const maxWork = 4_000_000;

/** What repeats, nests or looks back, and so may try the same text over and over; `\p{…}` as well. */
const elaborate = /[*+?{(]/;
const escaped = /\\[^pP]/g;
const leadingFlags = /^\(\?[a-z]+\)/i;

/**
 * Whether a pattern is matched at once, whatever the text: characters, sets, classes, anchors and
 * alternatives, each of which is tried once at each place.
 */
export function isPlain(pattern: string, textLength: number): boolean {
  if (pattern.length * textLength > maxWork) return false;
  return !elaborate.test(pattern.replace(leadingFlags, "").replace(escaped, ""));
}
