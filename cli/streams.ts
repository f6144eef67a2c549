import { codeOf } from "../src/thrown.ts";
import { isTerminal } from "./is-terminal.ts";

/** `nexora … | head`: the reader has seen enough, which is no error. */
export class ClosedPipe extends Error {}

/** One of the process's output streams. */
interface Sink {
  readonly isTerminal: boolean;
  /** Resolves when the bytes are handed over: a slow reader slows the writer. */
  write(data: string | Uint8Array): Promise<void>;
}

export interface Streams {
  stdout: Sink;
  stderr: Sink;
}

/** Standard output and error of this process. */
export function processStreams(): Streams {
  return { stdout: sink(1, Bun.stdout), stderr: sink(2, Bun.stderr) };
}

function sink(descriptor: number, file: Bun.BunFile): Sink {
  return {
    // Asked for when it matters only: finding out costs.
    get isTerminal() {
      return isTerminal(descriptor);
    },
    async write(data) {
      if (data.length === 0) return;
      try {
        await Bun.write(file, data);
      } catch (error) {
        throw codeOf(error) === "EPIPE" ? new ClosedPipe() : error;
      }
    },
  };
}
