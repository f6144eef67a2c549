import { delay } from "../../../../src/abort.ts";

/** How long there must be no output, in milliseconds. */
const quietMs = 20;
/** How long a program that shows nothing is waited for, in milliseconds: most show what was typed. */
const silentMs = 150;
/** How often to look whether a program has read, in milliseconds; no event tells. */
const lookMs = 3;

/** What was typed, and what came of it. */
export interface Reaction {
  /** Bytes typed that are held, or that no program has read. */
  unread(): number;
  /** When something was typed last, and when the last output came, as performance.now() has it. */
  typedAt(): number;
  outputAt(): number;
  /** How long it may take after the reading until all shows, in milliseconds. */
  reactMs(): number;
  /** The program waits for more, as far as it can be known. */
  waits(): boolean;
}

/**
 * Resolves with true when what was typed has been read, its program waits for more, and there has
 * been no output for a moment; with false when that is not so after `withinMs` milliseconds.
 */
export async function untilSettled(
  it: Reaction,
  withinMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  const end = performance.now() + withinMs;
  let readAt: number | null = it.unread() === 0 ? it.typedAt() : null;
  for (;;) {
    const now = performance.now();
    if (it.unread() > 0) readAt = null;
    else readAt ??= now;
    const reactMs = it.outputAt() > it.typedAt() ? it.reactMs() : silentMs;
    const left = Math.max(
      it.outputAt() + quietMs - now,
      readAt === null ? lookMs : readAt + reactMs - now,
    );
    if (left <= 0 && it.waits()) return true;
    if (now >= end || signal.aborted) return false;
    await delay(Math.min(Math.max(left, lookMs), end - now), signal);
  }
}
