import { asNexoraError } from "../../src/contract/errors.ts";

/**
 * Why an action failed, in words for a model: what names a command or a flag of ours says nothing to
 * it. Throws when the caller is gone.
 */
export function explained(thrown: unknown, signal: AbortSignal): string {
  if (signal.aborted) throw asNexoraError(signal.reason);
  const { message, hint } = asNexoraError(thrown);
  const useful = hint !== undefined && !/`|--/.test(hint);
  // What it quotes may be cut in the middle of a character.
  return (useful ? `${message} (${hint})` : message).toWellFormed();
}
