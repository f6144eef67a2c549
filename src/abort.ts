import { asNexoraError } from "./contract/errors.ts";

/**
 * Waits for `promise`, but no longer than `signal` allows. Throws the signal's reason as an error
 * of ours: `timeout` or `interrupted`. The promise's own rejection is never left unhandled.
 */
export async function within<T>(promise: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!signal) return promise;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(asNexoraError(signal.reason));
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** A signal that aborts with `signal`, and with a TimeoutError after `ms` milliseconds. */
export function deadline(ms: number, signal?: AbortSignal): AbortSignal {
  const timeout = AbortSignal.timeout(ms);
  return signal ? AbortSignal.any([signal, timeout]) : timeout;
}

/** Resolves after so many milliseconds, or as soon as `signal` aborts. */
export function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      cancel();
      signal.removeEventListener("abort", done);
      resolve();
    };
    const cancel = after(ms, done);
    signal.addEventListener("abort", done, { once: true });
  });
}

/** Resolves when an action has ended, or after so many milliseconds; the action goes on. */
export async function withinTime(action: Promise<unknown>, ms: number): Promise<void> {
  const over = new AbortController();
  try {
    await Promise.race([action, delay(ms, over.signal)]);
  } finally {
    over.abort();
  }
}

/** Longest time that `setTimeout` takes, in milliseconds: after a longer one it fires at once. */
const longestTimer = 2 ** 31 - 1;

/** Calls `action` after so many milliseconds, also when that is months; returns what cancels it. */
export function after(ms: number, action: () => void): () => void {
  let timer: Timer;
  const arm = (left: number) => {
    const next = Math.min(left, longestTimer);
    timer = setTimeout(() => (left > next ? arm(left - next) : action()), next);
  };
  arm(ms);
  return () => clearTimeout(timer);
}
