import { NexoraError } from "./contract/errors.ts";
import { messageOf } from "./thrown.ts";

/** Flags at the start of a pattern, as grep -P, Python and Go take them: `(?i)`. */
const leadingFlags = /^\(\?([a-zA-Z]+)\)/;

/**
 * The regular expression that a pattern stands for: JavaScript's, where `^` and `$` match at every
 * line, with `(?i)`, `(?s)` and `(?m)` at its start as well. Throws `usage`, and says why.
 */
export function compilePattern(pattern: string): RegExp {
  const flags = leadingFlags.exec(pattern)?.[1] ?? "";
  const source = pattern.replace(leadingFlags, "");
  const unknown = flags.replace(/[imsu]/g, "")[0];
  if (unknown) throw refused(`(?${unknown}) is not understood; (?i), (?m) and (?s) are`);
  try {
    return new RegExp(source, [...new Set(`mu${flags}`)].join(""));
  } catch (error) {
    throw refused(plainly(source, messageOf(error)));
  }
}

function refused(why: string): NexoraError {
  return new NexoraError("usage", `not a valid regular expression: ${why}`);
}

/** The engine's words, and what they mean. */
const meanings: readonly [RegExp, string][] = [
  [/^missing \)/, "a ( is not closed; write \\( for the character"],
  [/^unmatched paren/, "a ) has no ( before it; write \\) for the character"],
  [/^missing terminating \]/, "a [ is not closed; write \\[ for the character"],
  [/^unmatched ] or }/, "a ] or } has nothing that it closes; write \\] or \\} for the character"],
  [/^incomplete \{\}/, "a { begins no count such as {2}; write \\{ for the character"],
  [
    /^nothing to repeat/,
    "a *, + or ? has nothing before it to repeat; write \\* for the character",
  ],
  [
    /^unrecognized character after \(\?/,
    "what follows (? is not understood; write \\( for the character",
  ],
];
/** What a backslash may stand before, outside of a set: ECMA-262, CharacterEscape with `u`. */
const needlessEscape = /\\(?![\^$\\.*+?()[\]{}|/dDsSwWbBpPfnrtvkcxu0-9])./su;

function plainly(source: string, message: string): string {
  const words = message.replace(/^Invalid regular expression: /, "");
  const [, meaning] = meanings.find(([pattern]) => pattern.test(words)) ?? [];
  if (meaning) return meaning;
  const needless = /escaped character/.test(words) && needlessEscape.exec(source)?.[0];
  return needless
    ? `there is no ${needless}; for the character write it without a backslash`
    : words;
}
