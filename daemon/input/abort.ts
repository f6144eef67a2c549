import { asNexoraError } from "../../src/contract/errors.ts";
import { within } from "../display/deadline.ts";

/** Waits for `promise`; throws `interrupted` or `timeout` as soon as the signal aborts. */
export async function unlessAborted<T>(promise: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!signal) return promise;
  try {
    return await within(promise, signal);
  } catch (error) {
    throw signal.aborted ? asNexoraError(signal.reason) : error;
  }
}
