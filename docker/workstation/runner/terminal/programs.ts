import type { RunnerCommand } from "../../../../src/runner/protocol.ts";
import { statFields } from "../proc.ts";
import type { Foreground } from "./asker.ts";
import { foregroundGroup, foregroundIsBusy, foregroundMembers } from "./foreground.ts";
import { lookAt, multiplexerReads, type Seen, terminalOf } from "./reader.ts";

/** The programs in the foreground of a terminal, and what they do about it. */
export class Programs {
  /** `shell`: the process that leads the terminal's session. */
  constructor(private readonly shell: number) {}

  /** One of them computes. */
  isBusy(): boolean {
    return foregroundIsBusy(this.shell);
  }

  /** Whether one sleeps until the terminal has input. */
  isRead(): boolean {
    return this.seen().some(({ reading }) => reading !== null);
  }

  /** The same, or it does nothing and the kernel does not say for what it waits. */
  mayBeRead(): boolean {
    const seen = this.seen();
    if (seen.some(({ reading }) => reading !== null)) return true;
    if (seen.length === 0 || seen.some(({ busy }) => busy)) return false;
    return seen.every(({ known }) => !known) || multiplexerReads(terminalOf(this.shell));
  }

  seen(): Seen[] {
    const device = terminalOf(this.shell);
    const alive = foregroundMembers(this.shell).filter((pid) => statFields(pid)[0] !== "Z");
    return alive.map((pid) => lookAt(pid, device));
  }

  /** Who they are now; `command`: the shell's last one. */
  foreground(command: RunnerCommand | null): Foreground {
    return { group: foregroundGroup(this.shell), command };
  }
}
