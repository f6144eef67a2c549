import type { Argument, Flag, Verb } from "../verb.ts";
import { globalFlags } from "../verbs.ts";
import { completionOf, lister, nextWords } from "./words.ts";

/** Completion script for fish: `nexora completion fish | source`. */
export function fishCompletion(verbs: readonly Verb[]): string {
  const lines = [
    "# fish completion of nexora",
    "function __nexora_words",
    "    string match -v -- '-*' (commandline -opc)[2..-1] | string join ' '",
    "end",
    "function __nexora_at",
    "    set -l words (__nexora_words)",
    '    test "$words" = "$argv[1]"',
    "end",
    "function __nexora_in",
    "    set -l words (__nexora_words)",
    '    string match -q -- "$argv[1]" "$words"; or string match -q -- "$argv[1] *" "$words"',
    "end",
    "function __nexora_places",
    `    ${lister("places (commandline -ct)")}`,
    "end",
    "complete -c nexora -f",
  ];
  for (const [prefix, words] of nextWords(verbs)) {
    for (const [word, summary] of words) {
      lines.push(
        `complete -c nexora -n ${fish(`__nexora_at ${fish(prefix)}`)} -a ${word} -d ${fish(summary)}`,
      );
    }
  }
  for (const flag of globalFlags) lines.push(`complete -c nexora ${flagWords(flag, verbs)}`);
  for (const verb of verbs) {
    const place = fish(`__nexora_in ${fish(verb.words.join(" "))}`);
    for (const flag of verb.flags)
      lines.push(`complete -c nexora -n ${place} ${flagWords(flag, verbs)}`);
    for (const it of verb.arguments.slice(0, 1)) {
      const values = valuesOf(it, verbs);
      if (values !== "") lines.push(`complete -c nexora -n ${place} ${values}`);
    }
  }
  return lines.join("\n");
}

function flagWords(flag: Flag, verbs: readonly Verb[]): string {
  const short = flag.short ? `-s ${flag.short} ` : "";
  const takesFiles = completionOf(flag, verbs).kind === "files";
  const value =
    flag.kind === "boolean" ? "" : `${takesFiles ? "-r" : "-x"} ${valuesOf(flag, verbs)} `;
  return `${short}-l ${flag.name} ${value}-d ${fish(flag.description ?? "")}`;
}

function valuesOf(it: Flag | Argument, verbs: readonly Verb[]): string {
  const completion = completionOf(it, verbs);
  if (completion.kind === "words") return `-a ${fish(completion.words.join(" "))}`;
  if (completion.kind === "asked") return `-a '(${lister(completion.for)})'`;
  if (completion.kind === "places") return "-F -a '(__nexora_places)'";
  return completion.kind === "files" ? "-F" : "";
}

/** A word in single quotes for fish, where a backslash escapes quotes and itself. */
function fish(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
