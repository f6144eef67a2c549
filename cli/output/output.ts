import type { NexoraError } from "../../src/contract/errors.ts";
import type { ProcessResult } from "../../src/contract/process.ts";

/** Where a command's own output goes as it comes. */
export interface ProcessOutput {
  stdout(bytes: Uint8Array): Promise<void>;
  stderr(bytes: Uint8Array): Promise<void>;
  /** The command has ended by itself; `pid` is its process id inside. */
  end(result: ProcessResult & { pid: number | null }): Promise<void>;
}

/**
 * How results, messages and errors leave the process: as text for people and pipes, or as JSON
 * for programs. Data goes to stdout, all else to stderr. It never ends the process.
 */
export interface Output {
  /** Who reads stdout: it decides what `screen` gives by default. */
  readonly audience: "person" | "pipe" | "program";
  /** The one result; `text` puts it in words (an empty text prints nothing). */
  result<T>(data: T, text: (data: T) => string): Promise<void>;
  /** One item of a stream of results. */
  item<T>(data: T, text: (data: T) => string): Promise<void>;
  /** Bytes that are the result as they are. */
  bytes(data: Uint8Array): Promise<void>;
  process(): ProcessOutput;
  /** A message or progress; silent with `--quiet`. */
  note(message: string): Promise<void>;
  failure(error: NexoraError): Promise<void>;
}
