import type { Frame } from "../../../../src/frames.ts";

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

/** A started program, on pipes or on a terminal. */
export interface Execution {
  /** Also the id of its process group. */
  pid: number;
  /** How it ended, after all its output has been handed on. */
  ended: Promise<ProgramExit>;
  /** Takes a stdin, resize or signal frame; resolves when more are welcome. */
  input(frame: Frame): Promise<void> | void;
  inputEnded(): void;
}
