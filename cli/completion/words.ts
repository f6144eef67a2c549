import { type Argument, type Flag, globalFlags, type Verb } from "../verbs.ts";

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

/** How the value of a flag or an argument is completed. */
export type Completion =
  | { kind: "words"; words: string[] }
  | { kind: "sessions" | "files" | "none" };

export function completionOf(it: Flag | Argument): Completion {
  if (it.choices) return { kind: "words", words: it.choices };
  if (it.field === "session") return { kind: "sessions" };
  const takesFile =
    "kind" in it ? it.kind === "path" || it.name === "output" : /^(SRC|DST)$/.test(it.name);
  return { kind: takesFile ? "files" : "none" };
}

/** Command that prints the names of the sessions, one a line; it starts no daemon. */
export const listSessions =
  "nexora daemon status >/dev/null 2>&1 && nexora session ls 2>/dev/null | awk 'NR > 1 {print $1}'";

/** A word in single quotes for sh, bash and zsh. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
