import { closeSync, constants, openSync } from "node:fs";
import { libc } from "./libc.ts";

/** tcflow(3) actions. */
const suspendOutput = 0;
const resumeOutput = 1;

/**
 * Stops and restarts what programs can write to a PTY, which Bun's terminals cannot do: while
 * output is suspended (tcflow(3), like Ctrl+S) a writer blocks, so a flood fills no memory.
 */
export class OutputFlow {
  private suspended = false;
  private closed = false;

  private constructor(private readonly descriptor: number) {}

  /**
   * For the terminal on which process `pid` has its standard input; null when the process has
   * already ended, and so writes no more.
   */
  static of(pid: number): OutputFlow | null {
    try {
      const flags = constants.O_RDWR | constants.O_NOCTTY;
      return new OutputFlow(openSync(`/proc/${pid}/fd/0`, flags));
    } catch {
      return null;
    }
  }

  set(suspend: boolean): void {
    if (this.closed || suspend === this.suspended) return;
    this.suspended = suspend;
    libc.tcflow(this.descriptor, suspend ? suspendOutput : resumeOutput);
  }

  /** Lets output flow for whoever is left on the terminal. */
  close(): void {
    this.set(false);
    this.closed = true;
    closeSync(this.descriptor);
  }
}
