import { openSync, readFileSync, writeSync } from "node:fs";

/** Between the runner's own score and the highest, 1000 (proc_pid_oom_score_adj(5)). */
const programsScore = "600";

/**
 * Starts a program so that the kernel, when memory runs out, rather ends it and what it starts than
 * the runner, which is often the largest single process. The score is inherited: the runner takes
 * it for the moment of the start, so that the program has it from its first instruction on. To raise
 * one's own score, and to take that back, needs no privilege.
 */
export function yieldingMemory<T>(start: () => T): T {
  if (!own) return start();
  writeSync(own.file, programsScore, 0);
  try {
    return start();
  } finally {
    writeSync(own.file, own.score, 0);
  }
}

/** Opened at the start: later it is root's, as all that shows an untouchable process (supervised.ts). */
const own = openOwn();

function openOwn(): { file: number; score: string } | null {
  const path = "/proc/self/oom_score_adj";
  try {
    const file = openSync(path, "r+");
    const score = readFileSync(path, "utf8").trim();
    // Which also shows that it can be taken back: not below what the engine has set.
    writeSync(file, programsScore, 0);
    writeSync(file, score, 0);
    return { file, score };
  } catch {
    return null; // All are equal then.
  }
}
