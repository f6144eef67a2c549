import type { Argument, Flag, Verb } from "../verbs.ts";
import { completionOf, flagsOf, listSessions, nextWords } from "./words.ts";

/** Completion script for bash: `source <(nexora completion bash)`. */
export function bashCompletion(verbs: readonly Verb[]): string {
  const prefixes = [...nextWords(verbs)].map(
    ([prefix, words]) => `    "${prefix}") words="${[...words.keys()].join(" ")}" ;;`,
  );
  return `# bash completion of nexora
_nexora() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  local verb="" word words="" at
  for ((at = 1; at < COMP_CWORD; at++)); do
    word="\${COMP_WORDS[at]}"
    [[ $word == -* ]] && continue
    _nexora_is_prefix "\${verb:+$verb }$word" && verb="\${verb:+$verb }$word"
  done
  case "$previous" in
    -s|--session) COMPREPLY=($(compgen -W "$(${listSessions})" -- "$current")); return ;;
  esac
  case "$verb $previous" in
${verbs.flatMap((verb) => flagsOf(verb).flatMap((flag) => flagCase(verb, flag))).join("\n")}
  esac
  if [[ $current == -* ]]; then
    case "$verb" in
${verbs.map(flagWords).join("\n")}
    esac
    COMPREPLY=($(compgen -W "$words" -- "$current")); return
  fi
  case "$verb" in
${prefixes.join("\n")}
${verbs.flatMap(argumentCase).join("\n")}
    *) COMPREPLY=($(compgen -f -- "$current")); return ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
_nexora_is_prefix() {
  case "$1" in
    ${prefixWords(verbs)}) return 0 ;;
  esac
  return 1
}
complete -o filenames -F _nexora nexora`;
}

function prefixWords(verbs: readonly Verb[]): string {
  const prefixes = verbs.flatMap(({ words }) =>
    words.map((_, at) => words.slice(0, at + 1).join(" ")),
  );
  return [...new Set(prefixes)].map((prefix) => `"${prefix}"`).join("|");
}

function flagWords(verb: Verb): string {
  const names = flagsOf(verb).map(({ name }) => `--${name}`);
  return `      "${verb.words.join(" ")}") words="${names.join(" ")}" ;;`;
}

function flagCase(verb: Verb, flag: Flag): string[] {
  const action = flag.kind === "boolean" ? undefined : actionOf(flag);
  if (action === undefined) return [];
  const names = [`--${flag.name}`, ...(flag.short ? [`-${flag.short}`] : [])];
  const patterns = names.map((name) => `"${verb.words.join(" ")} ${name}"`);
  return [`    ${patterns.join("|")}) ${action}; return ;;`];
}

function argumentCase(verb: Verb): string[] {
  const [first] = verb.arguments;
  const action = first && actionOf(first);
  return action === undefined ? [] : [`    "${verb.words.join(" ")}") ${action}; return ;;`];
}

function actionOf(it: Flag | Argument): string | undefined {
  const completion = completionOf(it);
  if (completion.kind === "none") return undefined;
  if (completion.kind === "files") return 'COMPREPLY=($(compgen -f -- "$current"))';
  const words = completion.kind === "words" ? completion.words.join(" ") : `$(${listSessions})`;
  return `COMPREPLY=($(compgen -W "${words}" -- "$current"))`;
}
