import { setPriority } from "node:os";
import { deadline, within } from "../../../src/abort.ts";
import { NexoraError } from "../../../src/contract/errors.ts";
import { Slots } from "../../display/slots.ts";
import type { RunTesseract } from "./tesseract.ts";

/** Longest that one picture may take, in milliseconds. */
const longestMs = 60_000;
/** Pictures that are read at the same time: each takes a core and some 300 MB. */
const atOnce = 2;
/** Keys and requests go first (nice(2)). */
const niceness = 10;

/**
 * Runs our own tesseract (program.ts): this program once more, for each picture, because only the end of a process gives
 * the memory back, and only that ends its work. `command` is what to put before the mode.
 */
export function ownTesseract(command: readonly string[], mode: number): RunTesseract {
  const slots = new Slots(atOnce);
  return (pgm, signal) => {
    const ends = deadline(longestMs, signal);
    return within(
      slots.run(() => runOnce([...command, String(mode)], pgm, ends), ends),
      ends,
    );
  };
}

async function runOnce(
  command: readonly string[],
  pgm: Uint8Array,
  signal: AbortSignal,
): Promise<string> {
  const child = Bun.spawn([...command], {
    // Nothing of the environment is its business, least of all keys.
    env: { HOME: "/" },
    cwd: "/",
    stdin: pgm,
    stdout: "pipe",
    stderr: "pipe",
    signal,
    killSignal: "SIGKILL",
  });
  setPriority(child.pid, niceness);
  const [tsv, complaint] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  const code = await child.exited;
  signal.throwIfAborted();
  if (code === 0) return tsv;
  const why = complaint.trim().split("\n")[0] || `it ended with ${child.signalCode ?? code}`;
  throw new NexoraError("action_failed", `the picture's text could not be read: ${why}`);
}
