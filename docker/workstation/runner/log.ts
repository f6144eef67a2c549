import { readLines } from "../../../src/lines.ts";
import type { RunnerOutput } from "../../../src/runner/boot.ts";
import { messageOf } from "../../../src/thrown.ts";

/** Longest text of one log line, in characters. */
const maxText = 2000;
/** Lines that one program may write in a window; more are counted and dropped. */
const maxLines = 200;
const windowMs = 10_000;

/** Writes lines of RunnerOutput; a program that floods its log is cut off, and told so. */
export class Log {
  private readonly budgets = new Map<string, { since: number; lines: number }>();

  constructor(private readonly write: (text: string) => void) {}

  event(output: Extract<RunnerOutput, { event: string }>): void {
    this.put(output);
  }

  /** One line of a program. */
  line(name: string, text: string): void {
    const now = Date.now();
    let budget = this.budgets.get(name);
    if (!budget || now - budget.since >= windowMs) {
      const dropped = budget ? budget.lines - maxLines : 0;
      if (dropped > 0) this.put({ log: name, text: `(${dropped} lines left out)` });
      budget = { since: now, lines: 0 };
      this.budgets.set(name, budget);
    }
    budget.lines++;
    if (budget.lines <= maxLines) this.put({ log: name, text: text.slice(0, maxText) });
  }

  /** Logs a program's output, line by line, until it ends. Never rejects. */
  async follow(
    name: string,
    stream: ReadableStream<Uint8Array>,
    heard: (line: string) => void = () => {},
  ): Promise<void> {
    try {
      for await (const line of readLines(stream, { maxBytes: 4 * maxText, overlong: "cut" })) {
        if (line.trim() !== "") this.line(name, line.trimEnd());
        heard(line);
      }
    } catch (error) {
      this.line(name, `its output could not be read: ${messageOf(error)}`);
    }
  }

  private put(output: RunnerOutput): void {
    this.write(`${JSON.stringify(output)}\n`);
  }
}
