import { closeSync, constants, openSync } from "node:fs";
import { libc } from "./libc.ts";

/** tcflow(3) actions. */
const suspendOutput = 0;
const resumeOutput = 1;
/** ioctl_tty(2): bytes in the input queue. */
const FIONREAD = 0x541b;
/** The same: the terminal's mode, four 32-bit masks (input, output, control, local) and more. */
const TCGETS = 0x5401;
const ICANON = 2;

/** The kernel's two queues between a PTY and its programs, and their mode: Bun does not show them. */
export class TerminalQueues {
  private suspended = false;
  private closed = false;

  private constructor(private readonly descriptor: number) {}

  /**
   * For the terminal on which process `pid` has its standard input; null when the process has
   * already ended, and so reads and writes no more.
   */
  static of(pid: number): TerminalQueues | null {
    try {
      const flags = constants.O_RDWR | constants.O_NOCTTY;
      return new TerminalQueues(openSync(`/proc/${pid}/fd/0`, flags));
    } catch {
      return null;
    }
  }

  /**
   * While output is suspended (tcflow(3), like Ctrl+S) whoever writes is blocked, so that a flood
   * fills no memory.
   */
  suspendOutput(suspend: boolean): void {
    if (this.closed || suspend === this.suspended) return;
    this.suspended = suspend;
    libc.tcflow(this.descriptor, suspend ? suspendOutput : resumeOutput);
  }

  /** Bytes of input that no program has read; of a line under edit in canonical mode, none. */
  unread(): number {
    if (this.closed) return 0;
    const count = new Int32Array(1);
    return libc.ioctl(this.descriptor, FIONREAD, count) === 0 ? (count[0] ?? 0) : 0;
  }

  /** The kernel edits lines (ICANON of termios(3)). */
  isCanonical(): boolean {
    const mode = new Uint32Array(16);
    if (this.closed || libc.ioctl(this.descriptor, TCGETS, mode) !== 0) return false;
    return ((mode[3] ?? 0) & ICANON) !== 0;
  }

  /** Lets output flow for whoever is left on the terminal. */
  close(): void {
    this.suspendOutput(false);
    this.closed = true;
    closeSync(this.descriptor);
  }
}
