import { writeFileSync } from "node:fs";

/** Between the runner's own score, 0, and the highest, 1000 (proc_pid_oom_score_adj(5)). */
const score = { runner: "0", programs: "600" };

/**
 * Starts a program so that the kernel, when memory runs out, rather ends it and what it starts than
 * the runner, which is often the largest single process. The score is inherited: the runner takes
 * it for the moment of the start, so that the program has it from its first instruction on. To raise
 * one's own score, and to take that back, needs no privilege.
 */
export function yieldingMemory<T>(start: () => T): T {
  writeScore(score.programs);
  try {
    return start();
  } finally {
    writeScore(score.runner);
  }
}

function writeScore(value: string): void {
  try {
    writeFileSync("/proc/self/oom_score_adj", value);
  } catch {
    // No /proc that may be written: all are equal then.
  }
}
