import { z } from "zod";
import type { ErrorCode } from "./errors.ts";

/**
 * How a field of an operation's input shows on the command line. A field without one is a
 * flag named after it in kebab case.
 */
export interface CliField {
  /** Name of the flag, without dashes. */
  flag?: string;
  /** One-letter form, without the dash. */
  short?: string;
  /** A positional argument instead of a flag; `rest` takes all that remain. */
  positional?: true | "rest";
  /** How the word is read: `30s` → milliseconds, `2g` → bytes, `1920x1080` → {width,height}, … */
  kind?: "duration" | "bytes" | "size" | "region" | "env" | "path" | "integer" | "number";
  /** What the help shows in place of the value. */
  value?: string;
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

declare module "zod" {
  interface GlobalMeta {
    cli?: CliField;
  }
}

/** One thing that Nexora can do, from which the route, OpenAPI, client, CLI and help follow. */
export interface Operation<I extends z.ZodObject = z.ZodObject, O extends z.ZodType = z.ZodType> {
  /** Unique, dotted: `session.new`. Words of the CLI verb unless `verb` says otherwise. */
  id: string;
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path with `{field}` parts, each a field of `input`. */
  path: string;
  summary: string;
  description?: string;
  input: I;
  output: O;
  errors: readonly ErrorCode[];
  /** `null`: an operation of the HTTP API without a verb. */
  verb?: string | null;
  localFlags?: readonly LocalFlag[];
  examples?: readonly string[];
  /** Bodies besides JSON that the route takes or gives (documented in OpenAPI). */
  requestType?: string;
  responseTypes?: readonly string[];
}

/** A verb that has no route: it is the CLI's own (`daemon start`, `completion`). */
export interface LocalVerb {
  id: string;
  summary: string;
  description?: string;
  /** Flags and positionals, in the same schema language as an operation's input. */
  input: z.ZodObject;
  localFlags?: readonly LocalFlag[];
  examples?: readonly string[];
}

/** States an operation and keeps its exact types. */
export function operation<I extends z.ZodObject, O extends z.ZodType>(
  definition: Operation<I, O>,
): Operation<I, O> {
  return definition;
}

/** The `{session}` part of a path: a name, an id, or `@` for the only running session. */
export const sessionRef = z
  .string()
  .min(1)
  .max(64)
  .describe("Name or id of the session; `@` is the only running one")
  .meta({ cli: { hidden: true } });

/** Milliseconds, read from `30s`, `1.5m`, `2h` on the command line. */
export const durationMs = z
  .number()
  .int()
  .min(0)
  .max(30 * 24 * 3600 * 1000)
  .meta({ cli: { kind: "duration", value: "DUR" } });

export const sizeSchema = z.object({
  width: z.number().int().min(160).max(7680),
  height: z.number().int().min(120).max(4320),
});
