import type { NexoraError } from "../src/contract/errors.ts";
import { nearest } from "../src/nearest.ts";
import { habitOf } from "./habits.ts";
import { usageError } from "./usage.ts";
import type { Flag, Verb } from "./verb.ts";
import { globalFlagsOf, type VerbTable } from "./verbs.ts";

/** The error for a flag that a verb does not have, with the one that was probably meant. */
export function unknownFlag(verbs: VerbTable, verb: Verb | null, word: string): NexoraError {
  const flag = word.startsWith("--") ? word.replace(/=.*/s, "") : word.slice(0, 2);
  const place = verb ? `for ${verb.words.join(" ")}` : "before a verb";
  return usageError(`unknown flag ${flag} ${place}`, hintFor(verbs, verb, flag));
}

function hintFor(verbs: VerbTable, verb: Verb | null, flag: string): string {
  const own = [...(verb?.flags ?? []), ...globalFlagsOf(verb ?? { flags: [] })];
  const habit = habitOf(verb?.id ?? "", flag);
  // Advice to choose a session is none for a verb without one.
  if (habit && (verb?.needsSession || !habit.startsWith("-s "))) return habit;
  const [near] = nearest(flag, own.map(dashed), 1);
  if (near && flag.startsWith("--")) return `did you mean ${near}?`;
  const letter = flag.replace(/^-+/, "")[0]?.toLowerCase();
  const alike = own.filter(({ name }) =>
    flag.startsWith("--") ? partOf(name, flag.slice(2)) : name[0] === letter,
  );
  if (alike.length > 0) return `did you mean ${alike.map(dashed).join(" or ")}?`;
  const others = verb
    ? []
    : verbs.all().filter((each) => each.flags.some((it) => dashed(it) === flag));
  if (others.length > 0) {
    const names = others.slice(0, 3).map(({ words }) => words.join(" "));
    return `it is a flag of ${names.join(", ")}: write it after the verb`;
  }
  const help = `\`nexora ${verb ? `${verb.words.join(" ")} ` : ""}--help\``;
  return `${help} lists the flags; put -- before words that start with a dash`;
}

/** Whether one name is a part of the other: `--env-file`, `--image-ref`. */
function partOf(name: string, typed: string): boolean {
  return typed.length > 2 && (name.includes(typed) || typed.split("-").includes(name));
}

function dashed({ name }: Flag): string {
  return `--${name}`;
}
