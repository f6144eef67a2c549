import { NexoraError } from "../../src/contract/errors.ts";
import type { RunnerClient } from "../runner/client.ts";

/** The focused terminal, and how many bytes its keyboard has sent until now. */
export interface FocusedTerminal {
  id: string;
  inputBytes: number;
}

type Runner = Pick<RunnerClient, "focus" | "input">;

/**
 * Without a further byte for this long, in milliseconds, the rest does not come. A chord may be
 * one that the terminal emulator keeps for itself; of text, only a starving machine is so late.
 */
export const stalledMs = { chord: 250, text: 1000, late: 2000 };

/** What has the focus: one of the runner's terminals, or another window. */
export interface Focus {
  terminal: FocusedTerminal | null;
  /** Whether the window is known, and no terminal emulator of any kind. */
  graphical: boolean;
}

export async function focusOf(
  runner: Runner,
  session: string,
  signal?: AbortSignal,
): Promise<Focus> {
  const { window, terminal } = await runner.focus(session, signal);
  const graphical = terminal === null && window !== null && !emulators.test(window.class);
  return { terminal, graphical };
}

const emulators = /term|rxvt|konsole|kitty|alacritty|^st\b/i;

/** Characters of one write: an abort stops between two. */
const writeLength = 16 * 1024;

/** Writes text to a terminal as its keyboard would; returns when the program can read all of it. */
export async function writeTo(
  runner: Runner,
  session: string,
  terminal: string,
  text: string,
  signal?: AbortSignal,
): Promise<void> {
  for (let at = 0, end: number; at < text.length; at = end) {
    end = at + writeLength;
    if ((text.codePointAt(end - 1) ?? 0) > 0xffff) end++;
    await runner.input(session, { terminal, text: text.slice(at, end) }, signal);
  }
}

/**
 * Waits until a terminal has received `bytes` more than it had at `before`: true, or false when
 * nothing further has come for `stalled` milliseconds. Null when the terminal has ended, which
 * may be what was typed into it.
 */
export async function delivered(
  runner: Runner,
  session: string,
  before: FocusedTerminal,
  bytes: number,
  stalled: number,
  signal?: AbortSignal,
): Promise<boolean | null> {
  const wanted = before.inputBytes + bytes;
  const wait = { terminal: before.id, awaitInputBytes: wanted, deadlineMs: stalled };
  try {
    for (let seen = before.inputBytes; ; ) {
      const { inputBytes } = await runner.input(session, wait, signal);
      if (inputBytes >= wanted) return true;
      if (inputBytes <= seen) return false;
      seen = inputBytes;
    }
  } catch (error) {
    if (error instanceof NexoraError && error.code === "not_found") return null;
    throw error;
  }
}
