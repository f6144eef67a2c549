/** Bytes that may wait for the client before the producer is held back. */
const highWater = 256 * 1024;

/** A response body that tells its producer when to wait. */
export class OutputStream {
  readonly body: ReadableStream<Uint8Array>;
  /** Aborts when the client has gone away before the end. */
  readonly cancelled: AbortSignal;
  /** Called when the client has taken bytes. */
  onRelief: () => void = () => {};

  private controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  private waiting: (() => void)[] = [];

  /** `signal`: the request's own, which aborts when its connection ends. */
  constructor(signal: AbortSignal) {
    const abort = new AbortController();
    this.cancelled = abort.signal;
    const cancel = () => {
      this.controller = null;
      abort.abort();
      this.relieve();
    };
    this.body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.controller = controller;
        },
        pull: () => this.relieve(),
        cancel,
      },
      new ByteLengthQueuingStrategy({ highWaterMark: highWater }),
    );
    if (signal.aborted) cancel();
    signal.addEventListener("abort", () => {
      if (this.controller) cancel();
    });
  }

  /** Bytes that the client has not taken. */
  get backlog(): number {
    return this.controller ? highWater - (this.controller.desiredSize ?? highWater) : 0;
  }

  /** Adds bytes without waiting; look at `backlog`. */
  push(bytes: Uint8Array): void {
    this.controller?.enqueue(bytes);
  }

  /** Adds bytes and resolves when more are welcome, or the client has gone. */
  async write(bytes: Uint8Array): Promise<void> {
    this.push(bytes);
    while (this.controller && this.backlog >= highWater) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  end(): void {
    this.controller?.close();
    this.controller = null;
  }

  private relieve(): void {
    for (const resume of this.waiting.splice(0)) resume();
    this.onRelief();
  }
}
