import { delay } from "../../../../src/abort.ts";

/** How often to look whether a program has read, in milliseconds; no event tells. */
const lookMs = 1;
/**
 * How long a program rests at a time, in milliseconds. A container that has used its share of the CPU
 * stands still, and its clock does not: what passes meanwhile counts as one such time at most.
 */
const tickMs = 5;

/** What reads what is typed. */
export interface Program {
  /** Bytes typed that no program has read. */
  unread(): number;
  /** The program in the foreground computes, rather than waits. */
  isBusy(): boolean;
  /** There is nothing to wait for. */
  ends(): boolean;
}

/**
 * Resolves when a program has read all that was typed, and has waited for more for `restMs`
 * milliseconds, in which it could run: with true, with false when that is not to be or `signal`
 * aborts before.
 */
export async function untilRest(
  program: Program,
  restMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  let left = restMs;
  while (!program.ends() && !signal.aborted) {
    const rests = program.unread() === 0 && !program.isBusy();
    if (rests && left <= 0) return true;
    left = rests ? left - tickMs : restMs;
    await delay(rests ? tickMs : lookMs, signal);
  }
  return false;
}
