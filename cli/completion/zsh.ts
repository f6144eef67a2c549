import type { Argument, Flag, Verb } from "../verbs.ts";
import { completionOf, flagsOf, listSessions, nextWords, quoted } from "./words.ts";

/** Completion script for zsh: `source <(nexora completion zsh)` after compinit. */
export function zshCompletion(verbs: readonly Verb[]): string {
  const next = [...nextWords(verbs)].map(([prefix, words]) => {
    const choices = [...words].map(([word, summary]) => quoted(`${word}:${summary}`));
    return `    ${quoted(prefix)}) choices=(${choices.join(" ")}); _describe verb choices ;;`;
  });
  return `#compdef nexora
_nexora_sessions() {
  local -a names
  names=(\${(f)"$(${listSessions})"})
  _describe session names
}
_nexora() {
  local verb="" word
  local -i at used=1
  local -a choices
  if [[ "\${words[CURRENT-1]}" == (-s|--session) ]]; then _nexora_sessions; return; fi
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
${verbs.map(verbCase).join("\n")}
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

function verbCase(verb: Verb): string {
  const specs = [...flagsOf(verb).flatMap(flagSpecs), ...verb.arguments.map(argumentSpec)];
  return `    ${quoted(verb.words.join(" "))})
      words=("\${words[1]}" "\${(@)words[used+1,-1]}"); (( CURRENT -= used - 1 ))
      _arguments -s ${specs.map(quoted).join(" ")} ;;`;
}

function flagSpecs(flag: Flag): string[] {
  const text = `[${(flag.description ?? "").replace(/[[\]\\:]/g, "\\$&")}]`;
  const value =
    flag.kind === "boolean" ? "" : `:${flag.value?.replace(/[:\\]/g, " ")}:${actionOf(flag)}`;
  const names = [`--${flag.name}`, ...(flag.short ? [`-${flag.short}`] : [])];
  return names.map((name) => `${flag.repeatable ? "*" : ""}${name}${text}${value}`);
}

function argumentSpec(it: Argument): string {
  return `${it.rest ? "*" : it.required ? "" : ":"}:${it.name}:${actionOf(it)}`;
}

function actionOf(it: Flag | Argument): string {
  const completion = completionOf(it);
  if (completion.kind === "words") return `(${completion.words.join(" ")})`;
  if (completion.kind === "sessions") return "_nexora_sessions";
  return completion.kind === "files" ? "_files" : " ";
}
