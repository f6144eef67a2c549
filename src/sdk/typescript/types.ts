import type { ProcessOutput } from "../../contract/process.ts";

export type { ProcessOutput, ProcessResult } from "../../contract/process.ts";

export interface CallOptions {
  /** Ends the call: it throws `interrupted`, or `timeout` for a signal of AbortSignal.timeout's. */
  signal?: AbortSignal | undefined;
  /** How long it may take until its reply is there, or its stream has begun, in milliseconds. */
  timeoutMs?: number | undefined;
}

export interface ProcessOptions extends CallOptions {
  /** Keeps standard input open until `end()`; else there is none. `session.attach` always does. */
  interactive?: boolean | undefined;
}

/** An archive: at once, or as it comes. */
export type Bytes = Uint8Array | AsyncIterable<Uint8Array>;

/** A picture as bytes, and what came with it. */
export interface Picture<Reply, Field extends keyof Reply> {
  /** Null: there is none, because nothing has changed, or the sizes differ. */
  bytes: Uint8Array | null;
  /** `image/png`; null without one. */
  type: string | null;
  /** The small fields of the reply, and of its picture all but the bytes. */
  facts: Partial<Omit<Reply, Field>> & {
    [Name in Field]?: Omit<NonNullable<Reply[Name]>, "base64"> | null;
  };
}

/** A program that runs in a workstation: its output item by item, and the way to its input. */
export interface Process extends AsyncIterable<ProcessOutput> {
  /**
   * Sends to its standard input; resolves when more can be sent. What a program is sent that has
   * ended is lost.
   */
  write(data: string | Uint8Array): Promise<void>;
  /** The end of its standard input. */
  end(): void;
  /** Tells it the new size of its terminal. */
  resize(columns: number, rows: number): void;
  /** Sends it a signal, such as `SIGINT`. */
  signal(name: string): void;
  /** Goes away, which ends it. */
  close(): void;
}
