import { delay } from "../../../../src/abort.ts";

/** How often to look whether a program has read, in milliseconds; no event tells. */
const lookMs = 1;
/** How long it must rest then: a program that computes may wait for something for a moment. */
const restMs = 5;

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
 * Resolves when a program has read all that was typed and waits for more: with true, with false when
 * that is not to be or `signal` aborts before.
 */
export async function untilRest(program: Program, signal: AbortSignal): Promise<boolean> {
  const rests = () => program.unread() === 0 && !program.isBusy();
  while (!program.ends() && !signal.aborted) {
    const rested = rests();
    await delay(rested ? restMs : lookMs, signal);
    if (rested && rests() && !program.ends()) return true;
  }
  return false;
}
