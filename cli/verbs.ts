import type { Flag, Verb, VerbRest, VerbRow } from "./verb.ts";
import { verbTable } from "./verbs.macro.ts" with { type: "macro" };

/** Flags that every verb has. */
export const globalFlags: readonly Flag[] = [
  globalFlag(
    "session",
    "Session to act on (default: NEXORA_SESSION, .nexora/session)",
    "s",
    "NAME",
  ),
  globalFlag("json", "Print JSON: one object (streams: one per line)"),
  globalFlag("quiet", "Print no messages other than errors", "q"),
  globalFlag("help", "Show help and exit", "h"),
  globalFlag("version", "Print the version and exit"),
];

/** The flags of every verb that this one has, unless it has its own of that name. */
export function globalFlagsOf(verb: Pick<Verb, "flags">): readonly Flag[] {
  return globalFlags.filter(({ name }) => !verb.flags.some((flag) => flag.name === name));
}

/** A verb of which the rest is read only when it is asked for: most are not, in one command line. */
class TabledVerb implements Verb {
  readonly id: string;
  readonly words: string[];
  readonly hidden: boolean;
  #rest: VerbRest | undefined;

  constructor(private readonly row: VerbRow) {
    this.id = row.id;
    this.words = row.id.split(".");
    this.hidden = row.hidden;
  }

  get summary() {
    return this.rest.summary;
  }

  get description() {
    return this.rest.description;
  }

  get operation() {
    return this.rest.operation;
  }

  get needsSession() {
    return this.rest.needsSession;
  }

  get passThrough() {
    return this.rest.passThrough;
  }

  get arguments() {
    return this.rest.arguments;
  }

  get flags() {
    return this.rest.flags;
  }

  get examples() {
    return this.rest.examples;
  }

  private get rest(): VerbRest {
    this.#rest ??= JSON.parse(this.row.rest) as VerbRest;
    return this.#rest;
  }
}

/** Every verb, in the order of the help, hidden ones too. */
export const verbs: readonly Verb[] = verbTable().map((row) => new TabledVerb(row));

/** The verbs that people use. */
export const shownVerbs: readonly Verb[] = verbs.filter(({ hidden }) => !hidden);

function globalFlag(name: string, description: string, short?: string, value?: string): Flag {
  return {
    field: name,
    name,
    kind: value ? "text" : "boolean",
    repeatable: false,
    local: true,
    description,
    ...(short ? { short } : {}),
    ...(value ? { value } : {}),
  };
}
