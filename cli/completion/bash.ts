import type { Argument, Flag, Verb } from "../verb.ts";
import { completionOf, flagsOf, lister, nextWords } from "./words.ts";

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
  case "$verb $previous" in
${verbs.flatMap((verb) => flagsOf(verb).flatMap((flag) => flagCase(verb, flag, verbs))).join("\n")}
  esac
  case "$previous" in
    -s|--session) _nexora_asked sessions; return ;;
  esac
  if [[ $current == -* ]]; then
    case "$verb" in
${verbs.map(flagWords).join("\n")}
    esac
    COMPREPLY=($(compgen -W "$words" -- "$current")); return
  fi
  case "$verb" in
${prefixes.join("\n")}
${verbs.flatMap((verb) => argumentCase(verb, verbs)).join("\n")}
    *) mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
# Names are taken as they stand: compgen -W would expand what a workstation named its files.
_nexora_asked() {
  local name typed="\${COMP_LINE:0:COMP_POINT}"
  typed="\${typed##*[[:space:]=]}"
  COMPREPLY=()
  while IFS= read -r name; do
    [[ $name == "$typed"* ]] || continue
    # Bash completes what stands behind the colon only.
    [[ $COMP_WORDBREAKS == *:* ]] && name="\${name#"\${typed%"\${typed##*:}"}"}"
    COMPREPLY+=("$name")
  done < <(${lister('"$1" "$typed"')})
}
_nexora_places() {
  local files=()
  _nexora_asked places
  [[ \${COMP_LINE##*[[:space:]]} == *:* ]] || mapfile -t files < <(compgen -f -- "$current")
  COMPREPLY+=("\${files[@]}")
  [[ \${#COMPREPLY[@]} == 1 && $COMPREPLY == *[:/] ]] && compopt -o nospace 2>/dev/null
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

function flagCase(verb: Verb, flag: Flag, verbs: readonly Verb[]): string[] {
  const action = flag.kind === "boolean" ? undefined : actionOf(flag, verbs);
  if (action === undefined) return [];
  const names = [`--${flag.name}`, ...(flag.short ? [`-${flag.short}`] : [])];
  const patterns = names.map((name) => `"${verb.words.join(" ")} ${name}"`);
  return [`    ${patterns.join("|")}) ${action}; return ;;`];
}

function argumentCase(verb: Verb, verbs: readonly Verb[]): string[] {
  const [first] = verb.arguments;
  const action = first && actionOf(first, verbs);
  return action === undefined ? [] : [`    "${verb.words.join(" ")}") ${action}; return ;;`];
}

function actionOf(it: Flag | Argument, verbs: readonly Verb[]): string | undefined {
  const completion = completionOf(it, verbs);
  switch (completion.kind) {
    case "none":
      return undefined;
    case "files":
      return 'mapfile -t COMPREPLY < <(compgen -f -- "$current")';
    case "places":
      return "_nexora_places";
    case "asked":
      return `_nexora_asked ${completion.for}`;
    case "words":
      return `COMPREPLY=($(compgen -W "${completion.words.join(" ")}" -- "$current"))`;
  }
}
