import { readFile } from "node:fs/promises";

/** Longest command line that is passed on, in characters. */
const maxCommand = 1000;

/**
 * The foreground process group of the terminal that process `pid` controls (tpgid in
 * proc_pid_stat(5)); null when the process is gone.
 */
export async function foregroundGroup(pid: number): Promise<number | null> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  // The program's name, in parentheses, may hold anything: count from its end.
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  const group = Number(fields?.[5] ?? -1);
  return group > 0 ? group : null;
}

/** The command line in the foreground of a shell's terminal, for example `vim main.go`. */
export async function foregroundCommand(shellPid: number): Promise<string | null> {
  const group = await foregroundGroup(shellPid);
  if (group === null) return null;
  const line = await readFile(`/proc/${group}/cmdline`, "utf8").catch(() => "");
  const words = line.split("\0").filter((word) => word !== "");
  return words.length === 0 ? null : words.join(" ").slice(0, maxCommand);
}
