import { writeFileSync } from "node:fs";

/** Between the runner's own score, 0, and the highest, 1000 (proc_pid_oom_score_adj(5)). */
const score = "600";

/**
 * Makes the kernel, when memory runs out, rather end this child and what it starts than the
 * runner, which is often the largest single process. To raise the score needs no privilege.
 */
export function yieldMemory(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, score);
  } catch {
    // It has ended already.
  }
}
