import { readdirSync, readFileSync } from "node:fs";

/** Ids of all processes. */
export function processes(): number[] {
  return readdirSync("/proc").map(Number).filter(Boolean);
}

/**
 * The fields of proc_pid_stat(5) after the program's name, which may hold anything: the first is
 * the state. Of a process that is gone they are empty. With `thread`, those of that thread.
 */
export function statFields(pid: number, thread?: number): string[] {
  const stat = readProcess(pid, thread === undefined ? "stat" : `task/${thread}/stat`);
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

/** A file of proc(5), which the kernel answers from memory; empty when the process is gone. */
export function readProcess(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
