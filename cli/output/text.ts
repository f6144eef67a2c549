import type { NexoraError } from "../../src/contract/errors.ts";
import { plainText } from "../../src/plain-text.ts";
import { rowsText } from "../../src/words/screen.ts";
import type { Streams } from "../streams.ts";
import type { Output, ProcessOutput } from "./output.ts";
import { printable } from "./units.ts";

/** Output for people and for pipes. */
export class TextOutput implements Output {
  constructor(
    private readonly streams: Streams,
    private readonly options: { quiet: boolean; noColour: boolean },
  ) {}

  get audience(): "person" | "pipe" {
    return this.streams.stdout.isTerminal ? "person" : "pipe";
  }

  result<T>(data: T, text: (data: T) => string): Promise<void> {
    return this.streams.stdout.write(line(text(data)));
  }

  item<T>(data: T, text: (data: T) => string): Promise<void> {
    return this.result(data, text);
  }

  bytes(data: Uint8Array): Promise<void> {
    return this.streams.stdout.write(data);
  }

  process(): ProcessOutput {
    return {
      stdout: (bytes) => this.streams.stdout.write(bytes),
      stderr: (bytes) => this.streams.stderr.write(bytes),
      end: async () => {},
    };
  }

  async note(message: string): Promise<void> {
    if (!this.options.quiet) await this.streams.stderr.write(line(message));
  }

  async failure(error: NexoraError): Promise<void> {
    const colour = this.streams.stderr.isTerminal && !this.options.noColour;
    const name = colour ? "\x1b[31mnexora:\x1b[0m" : "nexora:";
    const hint = error.hint === undefined ? "" : `  ${plainText(error.hint)}\n`;
    // What failed may quote a stranger.
    const message = plainText(error.message);
    const told = `${stepsOf(error)}${screenOf(error)}`;
    await this.streams.stderr.write(`${name} ${message}\n${hint}${told}`);
  }
}

function line(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}

/** A list whose wait or look at the end has failed: that its steps were done. */
function stepsOf({ details }: NexoraError): string {
  const results = Array.isArray(details?.results) ? details.results : [];
  const done = results.filter((each) => each?.status === "done").length;
  return done === 0 ? "" : `  ${done} of the ${results.length} steps before it were done\n`;
}

/** What was on the screen, when the error tells: a wait that timed out. */
function screenOf({ details }: NexoraError): string {
  const lines = details?.screen;
  if (!Array.isArray(lines)) return "";
  const text = rowsText(lines.map(String));
  const window = typeof details?.window === "string" ? ` (${printable(details.window)})` : "";
  return text === "" ? "" : `on the screen${window}:\n${text}\n`;
}
