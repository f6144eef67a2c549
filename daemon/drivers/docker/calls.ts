import { within } from "../../../src/abort.ts";
import { NexoraError } from "../../../src/contract/errors.ts";
import { engineError, statusOf } from "./errors.ts";

/** Awaits an operation of the engine's, but no longer than the signal allows; its errors become ours. */
export function doing<T>(
  what: string,
  operation: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  return toTheEnd(what, within(operation, signal), signal);
}

/** The same for one that takes back what it has made when the signal aborts. */
export async function toTheEnd<T>(
  what: string,
  operation: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  try {
    return await operation;
  } catch (error) {
    throw failure(error, what, signal);
  }
}

/** What to throw for an error of the engine's: who asked may have gone, or have set a deadline. */
export function failure(error: unknown, what: string, signal: AbortSignal | undefined): unknown {
  if (!signal?.aborted) return engineError(error, what);
  const { reason } = signal;
  if (!(reason instanceof DOMException && reason.name === "TimeoutError")) return reason;
  return new NexoraError("timeout", `the Docker engine did not ${what} in time`, {
    hint: "see `nexora doctor` and the engine's own log",
    cause: error,
  });
}

/** For a catch: replies of the engine's that mean "there is nothing to do". */
export function unless(...statuses: number[]): (error: unknown) => null {
  return (error) => {
    if (statuses.includes(statusOf(error) ?? 0)) return null;
    throw error;
  };
}

export function abortable(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal ? { abortSignal: signal } : {};
}
