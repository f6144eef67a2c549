import { z } from "zod";
import type { ErrorCode } from "./errors.ts";
import type { ProcessInput, ProcessOutput } from "./process.ts";

/**
 * How a field of an operation's input shows on the command line. A field without one is a
 * flag named after it in kebab case.
 */
export interface CliField {
  /** Name of the flag, without dashes. */
  flag?: string;
  /** One-letter form, without the dash. */
  short?: string;
  /**
   * A positional argument instead of a flag, or beside it when `flag` names one; `rest` takes all
   * that remain but for the arguments behind it.
   */
  positional?: true | "rest";
  /**
   * How the word is read: `30s` → milliseconds, `2g` → bytes, `1920x1080` → {width,height}, …
   * `pair`: `A=B` into an object whose two fields `pair` names.
   * `condition`: `text=RE` into the one field of a wait's condition, of which those in `members` are
   * flags of their own as well. `group`: an object whose fields are flags of their own; a flag with
   * the object's own name gives an empty one.
   */
  kind?:
    | "duration"
    | "bytes"
    | "size"
    | "region"
    | "point"
    | "env"
    | "path"
    | "integer"
    | "number"
    | "condition"
    | "pair"
    | "group";
  /** The names of the fields of a `pair`. */
  pair?: [string, string];
  /** What the help shows in place of the value. */
  value?: string;
  /** The value where a condition names the flag without one. */
  bare?: string;
  /** What the help says, where the field's description is for the API's readers only. */
  help?: string;
  /** Fields of a condition that are flags of their own as well: they go for all conditions. */
  members?: readonly string[];
  /** Not on the command line at all. */
  hidden?: true;
}

/** A flag that only the CLI knows (`screen -o FILE`): never sent to the daemon. */
export interface LocalFlag {
  name: string;
  short?: string;
  /** Absent: a boolean. */
  value?: string;
  description: string;
}

/** For verbs that remove something. */
export const forceFlag: LocalFlag = {
  name: "force",
  short: "f",
  description: "Not an error when there is none",
};

declare module "zod" {
  interface GlobalMeta {
    cli?: CliField;
  }
}

/** What a caller may do: see, use what is there, or decide what is there. Each includes those before. */
export const accessLevels = ["read", "act", "admin"] as const;
type Access = (typeof accessLevels)[number];

/**
 * What an operation that streams takes or gives, item by item. How that travels is each door's own
 * affair: over HTTP `process` goes as frames, `items` as NDJSON or server-sent events, `lines` as
 * text, `archive` as a tar file.
 */
export interface Stream {
  in?: "process" | "archive";
  out?: "process" | "items" | "lines" | "archive";
  /** Of `items`: what one is. */
  item?: z.ZodType;
  /** Field of the input that asks for the stream in place of a reply. */
  asked?: string;
  /** Field of the input that takes the id of the last item that a reader has seen. */
  resume?: string;
}

/**
 * One thing that Nexora can do: from it follow the route, OpenAPI, the typed client, the verb, its
 * help and completions, and the type of its handler.
 */
export interface Operation {
  /** Unique, dotted: `session.new`. Words of the CLI verb unless `verb` is null. */
  id: string;
  access: Access;
  /** The session that its `session` field names: one that runs, or in any state. */
  session?: "running" | "any";
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path with `{field}` parts, each a field of `input`. */
  path: string;
  summary: string;
  description?: string;
  /** What the help of the verb says, where the description is for the API's readers only. */
  help?: string;
  input: z.ZodObject;
  /** The reply; null for an operation that only streams. */
  output: z.ZodType | null;
  stream?: Stream;
  /** Field of the reply that says whether all is well: over HTTP, 503 when it is false. */
  healthy?: string;
  /** Field of the reply that holds a picture, which can also travel alone. */
  picture?: string;
  /**
   * It changes what is on the screen: while a list of steps holds the session it does not begin. `whole`: it takes
   * a moment, and lists wait for its end. Absent: it changes nothing there, or its service waits for its turn.
   */
  turn?: "begin" | "whole";
  /** What it throws besides what follows from `session` and what every operation may throw. */
  errors: readonly ErrorCode[];
  /** `null`: an operation without a verb. */
  verb?: null;
  localFlags?: readonly LocalFlag[];
  examples?: readonly string[];
}

/** A verb that has no operation: the CLI carries it out itself (`daemon start`, `completion`). */
export type LocalVerb = Pick<
  Operation,
  "id" | "summary" | "description" | "help" | "input" | "localFlags" | "examples"
> & {
  /** For scripts, not for people: in no list of verbs. */
  hidden?: true;
};

/** States an operation and keeps its exact types. */
export function operation<const O extends Operation>(definition: O): O {
  return definition;
}

/** Fields as a handler gets them, after validation. */
export type InputOf<O extends Operation> = z.output<O["input"]>;
/** Fields as a caller gives them. */
export type FieldsOf<O extends Operation> = z.input<O["input"]>;
export type OutputOf<O extends Operation> = O["output"] extends z.ZodType
  ? z.output<O["output"]>
  : never;

interface InputItems {
  process: ProcessInput;
  archive: Uint8Array;
}
interface OutputItems {
  process: ProcessOutput;
  lines: string;
  archive: Uint8Array;
}
/** One item of the stream that an operation takes; never: it takes none. */
export type InputItemOf<O extends Operation> = O["stream"] extends {
  in: infer Shape extends keyof InputItems;
}
  ? InputItems[Shape]
  : never;
/** One item of the stream that an operation gives; never: it gives none. */
export type OutputItemOf<O extends Operation> = O["stream"] extends {
  out: "items";
  item: infer Item extends z.ZodType;
}
  ? z.output<Item>
  : O["stream"] extends { out: infer Shape extends keyof OutputItems }
    ? OutputItems[Shape]
    : never;

/** Text that becomes an argument, a path or a row: none of those can hold a NUL character. */
export const plainText = z.string().regex(/^[^\u0000]*$/, "must not contain a NUL character");

/** The `{session}` part of a path: a name, an id, or `@` for the only running session. */
export const sessionRef = plainText
  .min(1)
  .max(64)
  .describe("Name or id of the session; `@` is the only running one")
  .meta({ cli: { hidden: true } });

/** A thing on the desktop or in a page that one can act on, by the reference that a look gave it. */
export const thingRef = z
  .string()
  .regex(/^@e[1-9]\d{0,8}$/, "must be the reference of a thing, such as @e12");

/** The name of something that a person makes. */
export const nameSchema = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,39}$/,
    "must be 1–40 characters of a-z, 0-9 and -, and start with a letter or digit",
  );

/** The name of an environment variable (POSIX.1, 3.216 Name). */
export const variableName = z
  .string()
  .regex(
    /^[A-Za-z_][A-Za-z0-9_]*$/,
    "must be a variable's name: letters, digits and _, and no digit first",
  );

/** The environment of what is run. */
export const envField = z
  .record(variableName, plainText)
  .optional()
  .describe("Set an environment variable; may be repeated")
  .meta({ cli: { kind: "env", value: "K=V", short: "e" } });

/** Milliseconds, read from `30s`, `6m30s`, `2h` on the command line. */
export const durationMs = z
  .number()
  .int()
  .min(0)
  .max(30 * 24 * 3600 * 1000)
  .meta({ cli: { kind: "duration", value: "DUR" } });

export const sizeSchema = z.strictObject({
  width: z.number().int().min(160).max(7680),
  height: z.number().int().min(120).max(4320),
});

/** Fields of an operation that prints a log. */
export const logFields = {
  tail: z
    .number()
    .int()
    .min(0)
    .max(100_000)
    .default(200)
    .describe("Number of lines from the end")
    .meta({ cli: { short: "n" } }),
  follow: z
    .boolean()
    .default(false)
    .describe("Keep running and print new lines")
    .meta({ cli: { short: "f" } }),
};
