/** How a program has ended: its status, or the name of the signal that ended it. */
export interface ProgramExit {
  exitCode: number | null;
  /** Name as `SIGKILL`. */
  signal: string | null;
}

/** The exit of a child that has ended. */
export function exitOf(child: Bun.Subprocess): ProgramExit {
  const { exitCode, signalCode } = child;
  return signalCode === null
    ? { exitCode, signal: null }
    : { exitCode: null, signal: String(signalCode) };
}
