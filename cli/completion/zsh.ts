import type { Argument, Flag, Verb } from "../verb.ts";
import { completionOf, flagsOf, lister, nextWords, quoted } from "./words.ts";

/** Completion script for zsh: `source <(nexora completion zsh)` after compinit. */
export function zshCompletion(verbs: readonly Verb[]): string {
  const next = [...nextWords(verbs)].map(([prefix, words]) => {
    const choices = [...words].map(([word, summary]) => quoted(`${word}:${summary}`));
    return `    ${quoted(prefix)}) choices=(${choices.join(" ")}); _describe verb choices ;;`;
  });
  return `#compdef nexora
_nexora_asked() {
  local -a names
  names=(\${(f)"$(${lister("$1")})"})
  compadd -a names
}
_nexora_places() {
  local -a names
  names=(\${(f)"$(${lister('places "$PREFIX"')})"})
  compadd -S '' -a names
  [[ $PREFIX == *:* ]] || _files
}
_nexora() {
  local verb="" word
  local -i at used=1
  local -a choices
  if [[ "\${words[CURRENT-1]}" == (-s|--session) ]]; then _nexora_asked sessions; return; fi
  for ((at = 2; at < CURRENT; at++)); do
    word="\${words[at]}"
    [[ $word == -* ]] && continue
    case "\${verb:+$verb }$word" in
      ${prefixPattern(verbs)}) verb="\${verb:+$verb }$word"; used=at ;;
      # The value of a flag before the verb, else the first argument.
      *) [[ -n $verb ]] && break ;;
    esac
  done
  case "$verb" in
${next.join("\n")}
${verbs.map((verb) => verbCase(verb, verbs)).join("\n")}
  esac
}
compdef _nexora nexora`;
}

function prefixPattern(verbs: readonly Verb[]): string {
  const prefixes = verbs.flatMap(({ words }) =>
    words.map((_, at) => words.slice(0, at + 1).join(" ")),
  );
  return [...new Set(prefixes)].map(quoted).join("|");
}

function verbCase(verb: Verb, verbs: readonly Verb[]): string {
  const specs = [
    ...flagsOf(verb).flatMap((flag) => flagSpecs(flag, verbs)),
    ...verb.arguments.map((it) => argumentSpec(it, verbs)),
  ];
  return `    ${quoted(verb.words.join(" "))})
      words=("\${words[1]}" "\${(@)words[used+1,-1]}"); (( CURRENT -= used - 1 ))
      _arguments -s ${specs.map(quoted).join(" ")} ;;`;
}

function flagSpecs(flag: Flag, verbs: readonly Verb[]): string[] {
  const text = `[${(flag.description ?? "").replace(/[[\]\\:]/g, "\\$&")}]`;
  const value =
    flag.kind === "boolean"
      ? ""
      : `:${flag.value?.replace(/[:\\]/g, " ")}:${actionOf(flag, verbs)}`;
  const names = [`--${flag.name}`, ...(flag.short ? [`-${flag.short}`] : [])];
  return names.map((name) => `${flag.repeatable ? "*" : ""}${name}${text}${value}`);
}

function argumentSpec(it: Argument, verbs: readonly Verb[]): string {
  return `${it.rest ? "*" : it.required ? "" : ":"}:${it.name}:${actionOf(it, verbs)}`;
}

function actionOf(it: Flag | Argument, verbs: readonly Verb[]): string {
  const completion = completionOf(it, verbs);
  if (completion.kind === "words") return `(${completion.words.join(" ")})`;
  if (completion.kind === "asked") return `{_nexora_asked ${completion.for}}`;
  if (completion.kind === "places") return "_nexora_places";
  return completion.kind === "files" ? "_files" : " ";
}
