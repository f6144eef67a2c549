import type { Frame } from "../../../../src/frames.ts";
import type { ProgramExit } from "./exit.ts";

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
