import type { Flag, Verb, VerbRest, VerbRow } from "./verb.ts";
import { verbRows } from "./verbs.macro.ts" with { type: "macro" };

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
  readonly words: string[];
  readonly hidden: boolean;
  #rest: VerbRest | undefined;

  constructor(
    readonly id: string,
    private readonly row: VerbRow,
  ) {
    this.words = id.split(".");
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

/** The verbs. One command line names one or two: to make all of them takes longer than to carry it out. */
export class VerbTable {
  private readonly made = new Map<string, Verb>();

  constructor(private readonly rows: Readonly<Record<string, VerbRow>>) {}

  /** The verb of exactly these words. */
  named(words: readonly string[]): Verb | null {
    const id = idOf(words);
    const row = Object.hasOwn(this.rows, id) ? this.rows[id] : undefined;
    if (row === undefined) return null;
    const verb = this.made.get(id) ?? new TabledVerb(id, row);
    this.made.set(id, verb);
    return verb;
  }

  /** Whether words begin a verb of several words: `session`. */
  isGroup(words: readonly string[]): boolean {
    const prefix = `${idOf(words)}.`;
    for (const id in this.rows) if (id.startsWith(prefix)) return true;
    return false;
  }

  /** The verbs that begin with these words. */
  members(words: readonly string[]): Verb[] {
    return this.all().filter((verb) => words.every((word, at) => verb.words[at] === word));
  }

  /** Every verb, in the order of the help, hidden ones too. */
  all(): Verb[] {
    return Object.keys(this.rows).flatMap((id) => this.named(id.split(".")) ?? []);
  }

  /** The verbs that people use. */
  shown(): Verb[] {
    return this.all().filter(({ hidden }) => !hidden);
  }
}

export const verbs = new VerbTable(verbRows());

/** Of no verb when a word has a full stop in it: `session.new` is not typed so. */
function idOf(words: readonly string[]): string {
  return words.some((word) => word.includes(".")) ? "" : words.join(".");
}

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
