import { topics } from "./topics.ts";
import type { Argument, Flag, Verb } from "./verb.ts";
import { globalFlags, globalFlagsOf } from "./verbs.ts";

const groups: Record<string, (verb: Verb) => boolean> = {
  "See and act": ({ words: [first] }) =>
    !/^(chrome|session|token|audit|image|keys|gateway|daemon|config|doctor|events|completion|help|version)$/.test(
      first ?? "",
    ),
  Browser: ({ words: [first] }) => first === "chrome",
  Sessions: ({ words: [first] }) => first === "session",
  Images: ({ words: [first] }) => first === "image",
  "Models and keys": ({ words: [first] }) => first === "keys" || first === "gateway",
  "Access for other programs": ({ words: [first] }) => first === "token" || first === "audit",
  "Daemon and setup": () => true,
};

/** Help on everything: each verb with its summary, in groups. */
export function overview(verbs: readonly Verb[]): string {
  const rest = new Set(verbs);
  const parts = Object.entries(groups).map(([title, belongs]) => {
    const members = [...rest].filter(belongs);
    for (const verb of members) rest.delete(verb);
    return `${title}\n${list(members)}`;
  });
  return [
    "nexora: workstations to look at, type into and run commands in",
    "Usage: nexora VERB [ARGUMENT…] [FLAG…]",
    ...parts,
    `Global flags\n${flagList(globalFlags)}`,
    `Run \`nexora VERB --help\` for a verb, \`nexora help TOPIC\` for one of: ${Object.keys(topics).join(", ")}.`,
  ].join("\n\n");
}

/** Help on the verbs that begin with the same words. */
export function groupHelp(members: readonly Verb[], words: readonly string[]): string {
  return `Usage: nexora ${words.join(" ")} VERB\n\n${list(members)}`;
}

/** Help on one verb: usage, arguments, flags, examples. */
export function verbHelp(verb: Verb): string {
  const parts = [
    `nexora ${verb.words.join(" ")}: ${verb.summary}`,
    `Usage: nexora ${usage(verb)}`,
    verb.description ?? "",
    section("Arguments", rows(verb.arguments.map((it) => [it.name, detail(it)]))),
    section("Flags", flagList(verb.flags)),
    section("Global flags", flagList(globalFlagsOf(verb))),
    section("Examples", verb.examples.map((example) => `  ${example}`).join("\n")),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

/** `session new [NAME] [FLAG…]`. */
export function usage(verb: Verb): string {
  const names = verb.arguments.map((it) => {
    const name = it.rest ? `${it.name}…` : it.name;
    return it.required ? name : `[${name}]`;
  });
  const flags = verb.flags.length > 0 ? ["[FLAG…]"] : [];
  const words = verb.words.join(" ");
  return (
    verb.passThrough ? [words, ...flags, "[--]", ...names] : [words, ...names, ...flags]
  ).join(" ");
}

function list(verbs: readonly Verb[]): string {
  return rows(verbs.map((verb) => [verb.words.join(" "), verb.summary]));
}

function flagList(flags: readonly Flag[]): string {
  return rows(flags.map((flag) => [flagName(flag), detail(flag)]));
}

function flagName({ short, name, value }: Flag): string {
  return `${short ? `-${short}, ` : "    "}--${name}${value ? ` ${value}` : ""}`;
}

/** The description, with the choices unless it or the flag's value says them. */
function detail(it: Pick<Argument, "description" | "choices"> & Pick<Flag, "value">): string {
  const { description = "", choices, value = "" } = it;
  const unsaid = choices?.filter((choice) => !`${description} ${value}`.includes(choice)) ?? [];
  return unsaid.length > 0 ? `${description} (${choices?.join(", ")})`.trimStart() : description;
}

function section(title: string, content: string): string {
  return content === "" ? "" : `${title}\n${content}`;
}

function rows(pairs: string[][]): string {
  const width = Math.max(0, ...pairs.map(([left = ""]) => left.length));
  return pairs
    .map(([left = "", right = ""]) => `  ${left.padEnd(width + 2)}${right}`.trimEnd())
    .join("\n");
}
