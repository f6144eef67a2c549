import { after, deadline, within } from "../../../src/abort.ts";
import type { ProcessInput, ProcessOutput } from "../../../src/contract/process.ts";
import type { Exec } from "../../exec/exec.ts";
import { Clipped } from "./clipped.ts";

/** Characters of a command's output that the model gets. */
const maxOutput = 30_000;

/** How long its start may take, in milliseconds. */
const startMs = 30_000;

/** How a command went. */
export interface Ran {
  output: string;
  /** Of the command; null: bash itself has ended, or was ended. */
  status: number | null;
  /** Status of bash, when that has ended by itself. */
  exit: number | null;
  timedOut: boolean;
}

/** The command under way. */
interface Running {
  /** What ends its output; behind it the status and a line feed. */
  mark: string;
  /** What may be the beginning of that. */
  held: string;
  output: Clipped;
  settle(status: number | null): void;
}

/** A bash without a terminal that lives from one command to the next. */
export class Shell {
  private readonly end = new AbortController();
  private readonly decoder = new TextDecoder();
  private running: Running | null = null;
  /** What a program in the background has said since the last command: the next one's output begins with it. */
  private early = "";
  private exit: number | null = null;
  ended = false;

  private constructor(private readonly send: (line: string) => void) {}

  static async start(
    exec: Pick<Exec, "stream">,
    session: string,
    signal: AbortSignal,
  ): Promise<Shell> {
    const { readable, writable } = new TransformStream<ProcessInput, ProcessInput>();
    const writer = writable.getWriter();
    const shell = new Shell((line) => {
      writer.write({ type: "stdin", bytes: Buffer.from(line) }).catch(() => {});
    });
    const spec = { command: ["/bin/bash", "--login"], detach: false, tty: null };
    try {
      const starting = exec.stream(session, spec, readable, shell.end.signal);
      void shell.read(await within(starting, deadline(startMs, signal)));
      shell.send("exec 2>&1\n");
      return shell;
    } catch (error) {
      shell.close();
      throw error;
    }
  }

  /**
   * Runs a command to its end; one that is late, or whose caller goes, is ended, and bash with it. It reads
   * nothing from standard input, which is where bash's own next line comes from.
   */
  async run(command: string, timeoutMs: number, signal: AbortSignal): Promise<Ran> {
    const { promise, resolve: settle } = Promise.withResolvers<number | null>();
    const mark = `\nnexora-${crypto.randomUUID()} `;
    const output = new Clipped(maxOutput);
    this.running = { mark, held: "", output, settle };
    output.add(this.early);
    this.early = "";
    let timedOut = false;
    const cancel = after(timeoutMs, () => {
      timedOut = true;
      this.close();
    });
    const quoted = `'${command.replaceAll("'", `'\\''`)}'`;
    const tell = `{ printf '\\n%s %d\\n' ${mark.trim()} "$?"; } 2>/dev/null`;
    if (this.ended) settle(null);
    else this.send(`eval ${quoted} </dev/null\n${tell}\n`);
    try {
      const status = await within(promise, signal);
      return { output: output.toString(), status, exit: this.exit, timedOut };
    } catch (error) {
      this.close();
      throw error;
    } finally {
      cancel();
    }
  }

  /** Ends bash and what it runs. */
  close(): void {
    this.end.abort();
    this.over(null);
  }

  private async read(items: AsyncIterable<ProcessOutput>): Promise<void> {
    let exit: number | null = null;
    try {
      for await (const item of items) {
        if (item.type === "stdout") this.take(this.decoder.decode(item.bytes, { stream: true }));
        else if (item.type === "result") exit = item.exitCode;
      }
    } catch {
      // The workstation has stopped, or it was ended: what waits is told so.
    }
    this.over(exit);
  }

  /** Takes output up to the mark. */
  private take(text: string): void {
    const { running } = this;
    if (!running) {
      this.early = (this.early + text).slice(-maxOutput);
      return;
    }
    running.held += text;
    const at = running.held.indexOf(running.mark);
    if (at < 0) {
      const kept = running.mark.length - 1;
      running.output.add(running.held.slice(0, -kept));
      running.held = running.held.slice(-kept);
      return;
    }
    const status = /^(\d+)\n/.exec(running.held.slice(at + running.mark.length));
    if (!status) return;
    running.output.add(running.held.slice(0, at));
    this.early = running.held.slice(at + running.mark.length + status[0].length);
    this.running = null;
    running.settle(Number(status[1]));
  }

  private over(exit: number | null): void {
    if (this.ended) return;
    this.ended = true;
    this.exit = exit;
    const { running } = this;
    this.running = null;
    if (!running) return;
    running.output.add(running.held);
    running.settle(null);
  }
}
