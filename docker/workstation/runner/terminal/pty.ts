import { NexoraError } from "../../../../src/contract/errors.ts";
import { exitOf, type ProgramExit } from "../exec/exit.ts";
import { OutputFlow } from "./flow.ts";

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
  private readonly flow: OutputFlow | null;
  private readonly drained: (() => void)[] = [];

  /** Throws `action_failed` when the program cannot be started. */
  constructor(spec: PtySpec) {
    const ending = Promise.withResolvers<void>();
    this.outputEnded = ending.promise;
    const child = Bun.spawn(spec.command, {
      cwd: spec.cwd,
      env: spec.env,
      // Only the inline form gives the child a controlling terminal.
      terminal: {
        cols: spec.columns,
        rows: spec.rows,
        data: (_, bytes) => spec.onData(bytes),
        drain: () => this.onDrain(),
        exit: () => ending.resolve(),
      },
    });
    if (!child.terminal) throw new NexoraError("action_failed", "no pseudo-terminal is left");
    this.terminal = child.terminal;
    this.pid = child.pid;
    this.flow = OutputFlow.of(child.pid);
    this.exited = child.exited.then(() => {
      this.flow?.close();
      return exitOf(child);
    });
  }

  /** Types bytes; resolves when the terminal has taken them. */
  write(bytes: Uint8Array | string): Promise<void> {
    if (this.terminal.closed) return Promise.resolve();
    this.terminal.write(bytes);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.drained.push(resolve);
    return promise;
  }

  resize(columns: number, rows: number): void {
    if (!this.terminal.closed) this.terminal.resize(columns, rows);
  }

  /** Holds the program's output back, or lets it flow again. */
  suspendOutput(suspend: boolean): void {
    if (!this.terminal.closed) this.flow?.set(suspend);
  }

  close(): void {
    this.terminal.close();
  }

  private onDrain(): void {
    for (const resolve of this.drained.splice(0)) resolve();
  }
}
