import { topics } from "../topics.ts";
import type { Argument, Flag, Verb } from "../verb.ts";
import { globalFlags } from "../verbs.ts";

/** What may come after a prefix of verb words: `""` → session, type, …; `session` → new, ls, …. */
export function nextWords(verbs: readonly Verb[]): Map<string, Map<string, string>> {
  const next = new Map<string, Map<string, string>>();
  for (const { words, summary } of verbs) {
    words.forEach((word, at) => {
      const prefix = words.slice(0, at).join(" ");
      const choices = next.get(prefix) ?? new Map<string, string>();
      const isLast = at === words.length - 1;
      if (isLast || !choices.has(word)) choices.set(word, isLast ? summary : `verbs of ${word}`);
      next.set(prefix, choices);
    });
  }
  return next;
}

/** All flags of a verb, its own first. */
export function flagsOf(verb: Verb): Flag[] {
  return [...verb.flags, ...globalFlags];
}

/** How the value of a flag or an argument is completed. `asked`: by what `nexora complete` prints. */
export type Completion =
  | { kind: "words"; words: string[] }
  | { kind: "asked"; for: "sessions" | "tokens" | "images" }
  /** Files here, and places in sessions. */
  | { kind: "places" | "files" | "none" };

const asked: Record<string, "sessions" | "tokens" | "images"> = {
  session: "sessions",
  sessions: "sessions",
  only: "sessions",
  token: "tokens",
  image: "images",
};

export function completionOf(it: Flag | Argument, verbs: readonly Verb[]): Completion {
  if (it.choices) return { kind: "words", words: it.choices };
  const what = asked[it.field];
  if (what) return { kind: "asked", for: what };
  if (isFlag(it)) {
    if (it.kind === "condition") return { kind: "words", words: conditions(verbs) };
    return { kind: it.kind === "path" || it.name === "output" ? "files" : "none" };
  }
  if (it.field === "topic") {
    const words = [...Object.keys(topics), ...verbs.map((verb) => verb.words[0] ?? "")];
    return { kind: "words", words: [...new Set(words)] };
  }
  return { kind: /^(SRC|DST)$/.test(it.name) ? "places" : "none" };
}

function isFlag(it: Flag | Argument): it is Flag {
  return "repeatable" in it;
}

/** What `--wait` takes: the flags of `wait` without their dashes. */
function conditions(verbs: readonly Verb[]): string[] {
  const flags = verbs.find(({ id }) => id === "wait")?.flags ?? [];
  return flags.map(({ name, value, bare }) => (value && !bare ? `${name}=` : name));
}

/** Command that prints such names, one a line; it starts no daemon. */
export function lister(what: string): string {
  return `nexora complete ${what} 2>/dev/null`;
}

/** A word in single quotes for sh, bash and zsh. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
