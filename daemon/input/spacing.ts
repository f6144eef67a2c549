import { delay } from "../../src/abort.ts";
import { asNexoraError, NexoraError } from "../../src/contract/errors.ts";
import type { RunnerClient } from "../runner/client.ts";
import type { FocusedTerminal } from "./terminal.ts";

/**
 * How far keys are apart at least, in milliseconds. tmux takes what comes within 1 ms for a paste
 * (`assume-paste-time`), and counts from when it reads, which may be late on a busy machine.
 */
const apartMs = 15;
/**
 * How long after Escape the next key comes, in milliseconds: sooner, programs take both for one
 * key with Alt, or for a function key. They wait 10 (tmux's `escape-time`), 25 (htop), 50 (nano, nvim)
 * or 75 (vim as in the image: 25 before its `ttimeoutlen` begins).
 */
const afterEscapeMs = 100;
/** Longest wait for a program to have read a key and to rest, in milliseconds: one may do neither. */
const longestMs = 150;

function apart({ isEscape }: Key): number {
  return isEscape ? afterEscapeMs : apartMs;
}

/** What is sent. */
export interface Key {
  /** A program must take it for a key, and not for a part of a text. */
  isKey: boolean;
  isEscape: boolean;
}

/** Keeps keys apart from what goes before and after them, so that programs take them for keys. */
export class Spacing {
  /** What was sent last to each session, and when (performance.now). */
  private readonly last = new Map<string, Key & { at: number }>();

  constructor(private readonly runner: Pick<RunnerClient, "input">) {}

  /** To be called when something has been sent to a session. */
  sent(session: string, { isKey, isEscape }: Key): void {
    this.last.set(session, { at: performance.now(), isKey, isEscape });
  }

  /**
   * Waits until the next may follow what went before: of two texts at once, else when the program in
   * the terminal, which has received `inputBytes` (null: there is none that tells), has read all of
   * it and waits for more.
   */
  async before(
    session: string,
    { isKey }: Key,
    terminal: FocusedTerminal | null,
    signal?: AbortSignal,
  ): Promise<void> {
    const last = this.last.get(session);
    this.last.delete(session);
    if (!last || !(last.isKey || isKey) || performance.now() - last.at > longestMs) return;
    if (terminal) await this.rest(session, terminal, apart(last), signal);
    await pause(last.at + apart(last) - performance.now(), signal);
  }

  /** Resolves when the program has rested so long since it has read, or after a while. */
  private async rest(
    session: string,
    { id, inputBytes }: FocusedTerminal,
    awaitRestMs: number,
    signal?: AbortSignal,
  ): Promise<void> {
    const deadlineMs = longestMs + awaitRestMs;
    const wait = { terminal: id, awaitInputBytes: inputBytes, awaitRestMs, deadlineMs };
    try {
      await this.runner.input(session, wait, signal);
    } catch (error) {
      // The terminal has ended.
      if (!(error instanceof NexoraError && error.code === "not_found")) throw error;
    }
  }
}

/** Does nothing for so many milliseconds. Throws `interrupted` or `timeout` when `signal` aborts. */
export async function pause(ms: number, signal = new AbortController().signal): Promise<void> {
  if (ms > 0) await delay(ms, signal);
  if (signal.aborted) throw asNexoraError(signal.reason);
}
