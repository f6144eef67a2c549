import type { RunnerCommand } from "../../../../src/runner/terminal.ts";

/** Who has asked a terminal something. */
export interface Asker {
  /** The process group that was in the foreground. */
  group: number | null;
  /** The command that ran, by the shell's marks; null for none, and of a shell without marks. */
  command: number | null;
}

/** What goes on in the terminal now. */
export interface Foreground {
  group: number | null;
  command: RunnerCommand | null;
}

export function askerOf({ group, command }: Foreground): Asker {
  return { group, command: command?.running ? command.ordinal : null };
}

/** Whether whoever asked has the terminal no more. */
export function isGone(asker: Asker, now: Foreground): boolean {
  const { group, command } = askerOf(now);
  return asker.command !== command || asker.group !== group;
}
