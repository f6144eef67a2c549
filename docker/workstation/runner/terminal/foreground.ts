import { processes, readProcess, statFields } from "../proc.ts";

/** Longest command line that is passed on, in characters. */
const maxCommand = 1000;

/**
 * The foreground process group of the terminal that process `pid` controls (tpgid in
 * proc_pid_stat(5)); null when the process is gone.
 */
export function foregroundGroup(pid: number): number | null {
  const group = Number(statFields(pid)[5] ?? -1);
  return group > 0 ? group : null;
}

/** Whether the program in the foreground of a shell's terminal is busy, rather than waiting. */
export function foregroundIsBusy(shellPid: number): boolean {
  const group = foregroundGroup(shellPid);
  return group !== null && /^[RD]/.test(statFields(group)[0] ?? "");
}

/** The processes in the foreground of a shell's terminal. */
export function foregroundMembers(shellPid: number): number[] {
  const group = foregroundGroup(shellPid);
  if (group === null) return [];
  return group === shellPid ? [shellPid] : processes().filter((pid) => groupOf(pid) === group);
}

/** The command line in the foreground of a shell's terminal, for example `vim main.go`. */
export function foregroundCommand(shellPid: number): string | null {
  const group = foregroundGroup(shellPid);
  if (group === null) return null;
  // A pipeline's first program may have ended before the others: look at the shell's children.
  const children = readProcess(shellPid, `task/${shellPid}/children`).trim().split(" ");
  const members = children.map(Number).filter((pid) => groupOf(pid) === group);
  return commandLine(group) ?? members.map(commandLine).find((line) => line !== null) ?? null;
}

function commandLine(pid: number): string | null {
  const words = readProcess(pid, "cmdline").split("\0");
  const line = words.filter((word) => word !== "").join(" ");
  return line === "" ? null : line.slice(0, maxCommand);
}

function groupOf(pid: number): number {
  return Number(statFields(pid)[2] ?? -1);
}
