import { readFileSync } from "node:fs";

/** How often a process's end is looked for, in milliseconds. */
const pollMs = 20;

/**
 * What tells a process from a later one with the same pid: its start time in /proc (proc(5),
 * field 22). Null when there is no such process, or it is a zombie.
 */
export function processIdentity(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is a name in parentheses, which may itself contain any of them.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}

/**
 * Resolves with true when that very process is gone, with false after the deadline. Polls,
 * because there is no event for the end of a process that is not a child.
 */
export async function endOf(
  pid: number,
  identity: string | null,
  deadlineMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  const deadline = performance.now() + deadlineMs;
  while (identity !== null && processIdentity(pid) === identity) {
    signal.throwIfAborted();
    if (performance.now() > deadline) return false;
    await Bun.sleep(pollMs);
  }
  return true;
}
