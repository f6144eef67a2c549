import { NexoraError } from "../contract/errors.ts";
import { Mux, type MuxUser } from "./mux.ts";
import { TunnelError } from "./protocol.ts";

/**
 * After how much silence the other side is asked for a sign of life, and how long it then has to
 * give one, in milliseconds.
 */
export interface Heartbeat {
  quietMs: number;
  answerMs: number;
}

const usualHeartbeat: Heartbeat = { quietMs: 10_000, answerMs: 15_000 };
const closedByOther = "the other side has closed the connection";

interface Reader {
  read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>;
}

/** Bytes that are handed to the connection ahead of its taking them, about. */
const outputAhead = 128 * 1024;

/**
 * One side of a tunnel on a connection, which is a stream of bytes each way: `output` is what this
 * side sends; `run` takes what the other side does.
 */
export class Link {
  readonly mux: Mux;
  readonly output: ReadableStream<Uint8Array>;
  private readonly ended = Promise.withResolvers<NexoraError>();
  private controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  private flushing = false;
  private heard = performance.now();
  /** When it was asked for a sign of life that has not come (performance.now). */
  private askedAt: number | null = null;

  constructor(
    side: "inside" | "outside",
    user: Omit<MuxUser, "wake">,
    private readonly heartbeat: Heartbeat = usualHeartbeat,
  ) {
    this.mux = new Mux(side, {
      wake: () => this.wake(),
      control: (payload) => user.control(payload),
      opened: (stream) => user.opened(stream),
    });
    this.output = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.controller = controller;
        },
        pull: () => this.flush(),
        cancel: () => this.end(new TunnelError(closedByOther)),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: outputAhead }),
    );
  }

  /**
   * Serves the connection until either side ends it, the other side breaks the protocol or falls
   * silent, or `signal` aborts. Resolves with why, when every stream has been told. Never rejects.
   */
  async run(input: ReadableStream<Uint8Array>, signal: AbortSignal): Promise<NexoraError> {
    const reader = input.getReader();
    const abort = () => {
      const { reason } = signal;
      this.end(reason instanceof NexoraError ? reason : new TunnelError(closedByOther));
    };
    signal.addEventListener("abort", abort);
    if (signal.aborted) abort();
    this.heard = performance.now();
    const beat = setInterval(() => this.beat(), this.heartbeat.quietMs / 2);
    void this.read(reader);
    const reason = await this.ended.promise;
    clearInterval(beat);
    signal.removeEventListener("abort", abort);
    reader.cancel(reason).catch(() => {});
    return reason;
  }

  /** Ends the connection; the first reason counts. */
  end(reason: NexoraError): void {
    if (!this.controller) return;
    const controller = this.controller;
    this.controller = null;
    this.mux.close(reason.message);
    try {
      controller.close();
    } catch {
      // It was cancelled.
    }
    this.ended.resolve(reason);
  }

  private async read(reader: Reader): Promise<void> {
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done || !value) return this.end(new TunnelError(closedByOther));
        this.heard = performance.now();
        this.askedAt = null;
        this.mux.receive(value);
      }
    } catch (error) {
      this.end(
        error instanceof TunnelError
          ? error
          : new TunnelError("the connection was lost", { cause: error }),
      );
    }
  }

  private beat(): void {
    const now = performance.now();
    if (this.askedAt === null) {
      if (now - this.heard < this.heartbeat.quietMs) return;
      this.askedAt = now;
      this.mux.ping();
    } else if (now - this.askedAt >= this.heartbeat.answerMs) {
      const seconds = Math.round((now - this.heard) / 1000);
      this.end(new TunnelError(`the other side has been silent for ${seconds} s`));
    }
  }

  /** What comes up in one turn goes out together. */
  private wake(): void {
    if (this.flushing) return;
    this.flushing = true;
    queueMicrotask(() => {
      this.flushing = false;
      this.flush();
    });
  }

  private flush(): void {
    while (this.controller && (this.controller.desiredSize ?? 0) > 0) {
      const bytes = this.mux.take(outputAhead);
      if (!bytes) return;
      this.controller.enqueue(bytes);
    }
  }
}
