import { asNexoraError, NexoraError } from "../src/contract/errors.ts";

/** What came of doing something with each of several things. */
export interface Outcome<T> {
  done: T[];
  failures: NexoraError[];
}

/** Does it with each, one after the other, also when one fails; ends with an abort at once. */
export async function tryEach<S, T>(
  items: Iterable<S>,
  signal: AbortSignal,
  action: (item: S) => Promise<T>,
): Promise<Outcome<T>> {
  const outcome: Outcome<T> = { done: [], failures: [] };
  for (const item of items) {
    try {
      outcome.done.push(await action(item));
    } catch (error) {
      signal.throwIfAborted();
      outcome.failures.push(asNexoraError(error));
    }
  }
  return outcome;
}

/** Several failures as one error, with the code of the first; null when there are none. */
export function failureOf(failures: readonly NexoraError[], details: object): NexoraError | null {
  const [first, ...others] = failures;
  if (first === undefined) return null;
  return new NexoraError(first.code, failures.map(({ message }) => message).join("; "), {
    hint: others.length === 0 ? first.hint : undefined,
    details: { ...details, failures },
    cause: first,
  });
}
