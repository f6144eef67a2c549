import type { NexoraError } from "../src/contract/errors.ts";
import { nearest } from "../src/nearest.ts";
import { verbHabitOf } from "./habits.ts";
import { usageError } from "./usage.ts";
import type { VerbTable } from "./verbs.ts";

/** The error for words that are no verb, with the nearest verb or the verbs of the group. */
export function unknownVerb(verbs: VerbTable, words: readonly string[]): NexoraError {
  const typed = words.join(" ");
  if (verbs.isGroup(words)) {
    const names = verbs.members(words).map((verb) => verb.words.slice(words.length).join(" "));
    return usageError(`${typed} needs a verb`, `one of ${names.join(", ")}`);
  }
  const candidates = verbs.shown().flatMap((verb) => [verb.words.join(" "), verb.words[0] ?? ""]);
  const habit = verbHabitOf(words[0] ?? "");
  const [near = habit ?? sameLast(verbs, words)] = nearest(typed, candidates, 1);
  return usageError(
    `there is no verb ${JSON.stringify(typed)}`,
    near ? `did you mean \`nexora ${near}\`?` : "`nexora help` lists the verbs",
  );
}

/** For `ls` the verb `session ls`: the first that ends so. */
function sameLast(verbs: VerbTable, words: readonly string[]): string | undefined {
  const last = words.length === 1 ? words[0] : undefined;
  return verbs
    .all()
    .find((verb) => verb.words.length > 1 && verb.words.at(-1) === last)
    ?.words.join(" ");
}
