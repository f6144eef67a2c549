import { NexoraError } from "../src/contract/errors.ts";
import type { Surroundings } from "./context.ts";
import { implicitSession } from "./session.ts";

/**
 * Says where the name of a missing session comes from, when the command line did not give it: a
 * `.nexora/session` file outlives its session.
 */
export function explainSession(
  error: NexoraError,
  { env, folder }: Pick<Surroundings, "env" | "folder">,
): NexoraError {
  const implicit = implicitSession(env, folder);
  if (!implicit || !error.message.includes(JSON.stringify(implicit.name))) return error;
  return new NexoraError(error.code, `${error.message} (named by ${implicit.source})`, {
    hint: "choose another with `nexora session use NAME` or -s; `nexora session ls` lists them",
    details: error.details,
    cause: error,
  });
}
