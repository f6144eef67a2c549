import { NexoraError } from "../src/contract/errors.ts";

/** An error of the command line: exit code 2, nothing was sent. */
export function usageError(message: string, hint?: string): NexoraError {
  return new NexoraError("usage", message, { hint });
}
