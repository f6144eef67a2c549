import type { RunnerCommand } from "../../../../src/runner/terminal.ts";
import { statFields } from "../proc.ts";
import type { Foreground } from "./asker.ts";
import { foregroundGroup, foregroundIsBusy, foregroundMembers } from "./foreground.ts";
import { lookAt, multiplexerReads, type Reading, type Seen, terminalOf } from "./reader.ts";

/** How a program waits for input; `unknown`: another user's does nothing, and the kernel says no more. */
export type Waiting = Reading | "unknown";

/** The programs in the foreground of a terminal, and what they do about it. */
export class Programs {
  /** `shell`: the process that leads the terminal's session. */
  constructor(private readonly shell: number) {}

  /** One of them computes. */
  isBusy(): boolean {
    return foregroundIsBusy(this.shell);
  }

  /** How one of them waits until the terminal has input; null when none does, as far as is known. */
  waiting(): Waiting | null {
    const group = foregroundGroup(this.shell);
    if (group === null) return null;
    // Most programs are one process: for others all must be looked at.
    if (waitsAlone(lookAt(group, terminalOf(this.shell)))) return "alone";
    const seen = this.seen();
    if (seen.some(waitsAlone)) return "alone";
    if (seen.length === 0 || seen.some(({ busy }) => busy)) return null;
    if (seen.some(({ reading }) => reading !== null)) return "among";
    if (seen.every(({ known }) => !known)) return "unknown";
    return multiplexerReads(terminalOf(this.shell)) ? "among" : null;
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

function waitsAlone({ reading, busy }: Seen): boolean {
  return reading === "alone" && !busy;
}
