import { NexoraError } from "../../../../src/contract/errors.ts";
import { exitOf, type ProgramExit } from "../exec/execution.ts";
import { yieldingMemory } from "../exec/oom.ts";
import { TerminalQueues } from "./queues.ts";

/**
 * Longest write to Bun's terminal, in bytes. A longer one is tried at once, and then Bun tells
 * nobody when it has been taken; shorter ones end in a `drain` each.
 */
const longestWrite = 4095;

export interface PtySpec {
  command: string[];
  cwd: string;
  env: Record<string, string>;
  columns: number;
  rows: number;
  onData(bytes: Uint8Array): void;
}

/** A program on a pseudo-terminal of its own, in its own session. */
export class Pty {
  readonly pid: number;
  readonly exited: Promise<ProgramExit>;
  /** Resolves when no more output can come: every process on the terminal has left it. */
  readonly outputEnded: Promise<void>;
  private readonly terminal: Bun.Terminal;
  private readonly queues: TerminalQueues | null;
  private unwritten = 0;
  /** Ends with the last write. */
  private writing: Promise<void> = Promise.resolve();
  /** Resolves the write under way. */
  private taken: () => void = () => {};

  /** Throws `action_failed` when the program cannot be started. */
  constructor(spec: PtySpec) {
    const ending = Promise.withResolvers<void>();
    this.outputEnded = ending.promise;
    const child = yieldingMemory(() =>
      Bun.spawn(spec.command, {
        cwd: spec.cwd,
        env: spec.env,
        // Only the inline form gives the child a controlling terminal.
        terminal: {
          cols: spec.columns,
          rows: spec.rows,
          data: (_, bytes) => spec.onData(bytes),
          drain: () => this.taken(),
          exit: () => ending.resolve(),
        },
      }),
    );
    if (!child.terminal) throw new NexoraError("action_failed", "no pseudo-terminal is available");
    this.terminal = child.terminal;
    this.pid = child.pid;
    this.queues = TerminalQueues.of(child.pid);
    this.exited = child.exited.then(() => {
      this.queues?.close();
      return exitOf(child);
    });
  }

  /** Types bytes after those before; resolves when the terminal has taken them, or is closed. */
  write(bytes: Uint8Array): Promise<void> {
    this.unwritten += bytes.length;
    this.writing = this.writing.then(() => this.writeAll(bytes));
    return this.writing;
  }

  resize(columns: number, rows: number): void {
    if (!this.terminal.closed) this.terminal.resize(columns, rows);
  }

  /** Holds the program's output back, or lets it flow again. */
  suspendOutput(suspend: boolean): void {
    if (!this.terminal.closed) this.queues?.suspendOutput(suspend);
  }

  /** Bytes typed that no program has read. */
  unread(): number {
    return this.unwritten + (this.queues?.unread() ?? 0);
  }

  /** All that programs have written has come to `onData`. */
  isDrained(): boolean {
    return this.queues?.isDrained() ?? true;
  }

  /** Drops what was typed and no program has read. */
  discardInput(): void {
    this.queues?.discardInput();
  }

  close(): void {
    this.terminal.close();
    this.taken();
  }

  private async writeAll(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length && !this.terminal.closed; at += longestWrite) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.taken = resolve;
      this.terminal.write(bytes.subarray(at, at + longestWrite));
      await promise;
    }
    this.unwritten -= bytes.length;
  }
}
