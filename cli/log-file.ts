import { closeSync, openSync, readSync, statSync, watch } from "node:fs";
import { dirname } from "node:path";
import { NexoraError } from "../src/contract/errors.ts";
import { LineSplitter } from "../src/lines.ts";

/** Most bytes that are read from the end of a log. */
const maxTail = 16 * 1024 * 1024;
/** How late a change that the watcher missed may be seen, in milliseconds. */
const missedMs = 200;

/** The last lines of a file, and the offset of its end. Throws `not_found` without a file. */
export function lastLines(path: string, count: number): { lines: string[]; end: number } {
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) {
    throw new NexoraError("not_found", `there is no log at ${path}`, {
      hint: "`nexora daemon start` creates one",
    });
  }
  const lines = read(path, Math.max(0, size - maxTail), size)
    .toString()
    .split("\n");
  if (lines.at(-1) === "") lines.pop();
  return { lines: count === 0 ? [] : lines.slice(-count), end: size };
}

/** The lines that are added to a file after an offset, also when it is rotated, until aborted. */
export async function* followFile(
  path: string,
  from: number,
  signal: AbortSignal,
): AsyncGenerator<string> {
  let at = from;
  let splitter = new LineSplitter();
  let file = statSync(path, { throwIfNoEntry: false })?.ino;
  let wake = () => {};
  let changed = true;
  const onChange = () => {
    changed = true;
    wake();
  };
  // The folder, because a watched file that is rotated away is the wrong one from then on.
  const watcher = watch(dirname(path), onChange);
  // Bun's watcher drops the second of two like events within a millisecond.
  const missed = setInterval(onChange, missedMs);
  const onAbort = () => wake();
  signal.addEventListener("abort", onAbort);
  try {
    while (!signal.aborted) {
      changed = false;
      const { size, ino } = statSync(path, { throwIfNoEntry: false }) ?? { size: 0, ino: file };
      if (size < at || ino !== file) {
        at = 0;
        splitter = new LineSplitter();
      }
      file = ino;
      yield* splitter.push(read(path, at, size));
      at = size;
      if (changed || signal.aborted) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    clearInterval(missed);
    watcher.close();
  }
  signal.throwIfAborted();
}

function read(path: string, from: number, to: number): Buffer {
  if (to <= from) return Buffer.alloc(0);
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(to - from);
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, from));
  } finally {
    closeSync(file);
  }
}
