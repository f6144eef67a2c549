import { closeSync, constants, openSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { libc } from "./libc.ts";

/** tcflow(3) actions. */
const suspendOutput = 0;
const resumeOutput = 1;
/** tcflush(3): what has come and was not read. */
const TCIFLUSH = 0;
/** ioctl_tty(2): bytes in the input queue. */
const FIONREAD = 0x541b;
/** poll(2). */
const POLLIN = 0x1;
const POLLHUP = 0x10;

/** The kernel's two queues between a PTY and its programs: Bun does not show them. */
export class TerminalQueues {
  private suspended = false;
  private closed = false;

  private constructor(
    private readonly descriptor: number,
    /** The runner's own end of the terminal, which is Bun's. */
    private readonly master: number | null,
  ) {}

  /**
   * For the terminal on which process `pid` has its standard input; null when the process has
   * already ended, and so reads and writes no more.
   */
  static of(pid: number): TerminalQueues | null {
    try {
      const flags = constants.O_RDWR | constants.O_NOCTTY;
      const path = `/proc/${pid}/fd/0`;
      return new TerminalQueues(openSync(path, flags), masterOf(readlinkSync(path)));
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

  /**
   * Bytes of input that no program has read, the end of a file counted as one; of a line under edit
   * in canonical mode, none.
   */
  unread(): number {
    // Without the question the count leaves out what the kernel has not handed on yet.
    if (this.closed || !isReadable(this.descriptor)) return 0;
    const count = new Int32Array(1);
    return libc.ioctl(this.descriptor, FIONREAD, count) === 0 ? Math.max(count[0] ?? 0, 1) : 0;
  }

  /** Drops the input that no program has read, a line under edit included. */
  discardInput(): void {
    if (this.closed) return;
    // What is on its way would not be dropped.
    isReadable(this.descriptor);
    libc.tcflush(this.descriptor, TCIFLUSH);
  }

  /** All that programs have written has been received. */
  isDrained(): boolean {
    return this.closed || this.master === null || !isReadable(this.master);
  }

  /** Lets output flow for whoever is left on the terminal. */
  close(): void {
    this.suspendOutput(false);
    this.closed = true;
    closeSync(this.descriptor);
  }
}

/** Whether there is something to read; to tell, the kernel first hands on what is on its way. */
function isReadable(descriptor: number): boolean {
  // struct pollfd: the file, and two times 16 bits of events.
  const asked = new Int32Array([descriptor, POLLIN]);
  libc.poll(asked, 1, 0);
  return (((asked[1] ?? 0) >> 16) & (POLLIN | POLLHUP)) === POLLIN;
}

/** The descriptor of this process that is the other end of a terminal (`/dev/pts/N`). */
function masterOf(terminal: string): number | null {
  const index = new RegExp(`^tty-index:\\s*${terminal.split("/").at(-1)}$`, "m");
  const isMaster = (descriptor: string) => {
    try {
      return index.test(readFileSync(`/proc/self/fdinfo/${descriptor}`, "utf8"));
    } catch {
      return false;
    }
  };
  const found = readdirSync("/proc/self/fd").find(isMaster);
  return found === undefined ? null : Number(found);
}
