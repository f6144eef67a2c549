import { NexoraError } from "../../src/contract/errors.ts";
import type { RunnerClient } from "../runner/client.ts";

/** The focused terminal, and how many bytes its keyboard has sent until now. */
export interface FocusedTerminal {
  id: string;
  inputBytes: number;
}

type Runner = Pick<RunnerClient, "screen" | "input">;

/** Without a further byte for this long, in milliseconds, the rest does not come. */
const stalledMs = 250;

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
  const { focused, terminal } = await runner.screen(session, 0, signal);
  if (focused?.terminal && terminal?.id === focused.terminal) {
    const { id, inputBytes } = terminal;
    return { terminal: { id, inputBytes }, graphical: false };
  }
  return { terminal: null, graphical: focused !== null && !emulators.test(focused.class) };
}

const emulators = /term|rxvt|konsole|kitty|alacritty|^st\b/i;

/** Characters of one write: a PTY takes them whole, and an abort stops between two. */
const writeLength = 1024;

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
 * nothing further has come for a quarter of a second. Null when the terminal has ended, which
 * may be what was typed into it.
 */
export async function delivered(
  runner: Runner,
  session: string,
  before: FocusedTerminal,
  bytes: number,
  signal?: AbortSignal,
): Promise<boolean | null> {
  const wanted = before.inputBytes + bytes;
  let seen = before.inputBytes;
  for (;;) {
    const received = await receivedBytes(runner, session, before.id, wanted, signal);
    if (received === null) return null;
    if (received >= wanted) return true;
    if (received <= seen) return false;
    seen = received;
  }
}

/** How many bytes a terminal has received, once it is `wanted` or no more come; null: it ended. */
async function receivedBytes(
  runner: Runner,
  session: string,
  terminal: string,
  wanted: number,
  signal?: AbortSignal,
): Promise<number | null> {
  const wait = { terminal, awaitInputBytes: wanted, deadlineMs: stalledMs };
  try {
    return (await runner.input(session, wait, signal)).inputBytes;
  } catch (error) {
    const code = error instanceof NexoraError && !signal?.aborted ? error.code : null;
    if (code === "not_found") return null;
    if (code !== "timeout" || wanted === 0) throw error;
    return receivedBytes(runner, session, terminal, 0, signal);
  }
}
