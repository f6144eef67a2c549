import type { z } from "zod";
import { NexoraError } from "../../src/contract/errors.ts";
import { validate } from "../operations/validate.ts";
import type { DesktopAction, Reader } from "./desktop-action.ts";

/** Reads an action's fields by a schema; those that it does not have are nothing to us. */
export function reader<T extends z.ZodObject>(
  schema: T,
  to: (input: z.output<T>) => DesktopAction,
): Reader {
  return (input) => to(validate(schema, input));
}

/** An action by its name. Throws `usage` when there is none, or one of its fields is wrong. */
export function readAction(
  readers: ReadonlyMap<string, Reader>,
  name: unknown,
  input: unknown,
): DesktopAction {
  const read = typeof name === "string" ? readers.get(name) : undefined;
  if (read) return read(input);
  const known = [...readers.keys()].join(", ");
  const what = typeof name === "string" ? JSON.stringify(name.slice(0, 64)) : "without a name";
  throw new NexoraError("usage", `there is no action ${what}: there are ${known}`);
}
