import { within } from "../../src/abort.ts";
import type { Display } from "../display/types.ts";

/** Without any change for this long, in milliseconds, the application shows nothing: go on. */
const firstMs = 100;
/** Longest wait in all, for screens that never rest. */
const totalMs = 500;

/**
 * Resolves when the application has painted what `send` made it do: after the first change of
 * pixels, once they have rested for `quietMs` milliseconds.
 */
export async function whenPainted(
  display: Pick<Display, "onChange">,
  send: () => Promise<void>,
  quietMs: number,
  signal?: AbortSignal,
): Promise<void> {
  const { promise: rests, resolve: rest } = Promise.withResolvers<void>();
  const longest = setTimeout(rest, totalMs);
  let next: Timer | undefined;
  const stop = display.onChange(() => {
    clearTimeout(next);
    next = setTimeout(rest, quietMs);
  });
  try {
    await send();
    next ??= setTimeout(rest, firstMs);
    await within(rests, signal);
  } finally {
    stop();
    clearTimeout(longest);
    clearTimeout(next);
  }
}
