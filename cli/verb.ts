import type { OperationId } from "../src/contract/index.ts";
import type { CliField } from "../src/contract/operation.ts";

/** How a word is read. */
export type ValueKind = Exclude<NonNullable<CliField["kind"]>, "group"> | "boolean" | "text";

interface Described {
  description?: string;
  choices?: string[];
  /** Smallest and largest value, in the unit that is sent. */
  range?: [number, number];
}

/** A positional argument. */
export interface Argument extends Described {
  /** Field of the operation's input. */
  field: string;
  /** What the help shows: `NAME`. */
  name: string;
  required: boolean;
  kind: ValueKind;
  /** Takes all words that remain, but for those of the arguments behind it. */
  rest: boolean;
}

export interface Flag extends Described {
  /** Field of the operation's input, or name of a local flag. */
  field: string;
  /** Without dashes. */
  name: string;
  short?: string;
  kind: ValueKind;
  repeatable: boolean;
  /** Known to the CLI only, never sent. */
  local: boolean;
  /** The field is one of this object's, a field of the input. */
  into?: string;
  /** The names of a pair's fields. */
  pair?: [string, string];
  /** The value where a condition names the flag without one. */
  bare?: string;
  /** What the help shows in place of the value; booleans have none. */
  value?: string;
}

/** One verb of the command line. */
export interface Verb {
  /** Id of its operation: `session.new`. */
  id: string;
  words: string[];
  summary: string;
  description?: string | undefined;
  /** Null: the CLI carries it out itself. */
  operation: OperationId | null;
  /** Its operation is about a session. */
  needsSession: boolean;
  /** Flags end at the first argument. */
  passThrough: boolean;
  arguments: Argument[];
  flags: Flag[];
  examples: string[];
  /** In no list of verbs. */
  hidden: boolean;
}

/** What is read only when it is asked for. */
export type VerbRest = Omit<Verb, "id" | "words" | "hidden">;

/** A verb as the binary holds it. */
export interface VerbRow {
  hidden: boolean;
  /** What else there is, as JSON: a text costs nothing at the start of the process, an object does. */
  rest: string;
}
