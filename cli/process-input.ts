import type { ProcessInput } from "../src/contract/process.ts";

/** Bytes that may wait to be sent before `write` makes its caller wait. */
const highWaterMark = 1024 * 1024;

/** What goes to a program, from several sources (standard input, the terminal's size) in one stream. */
export class ProcessInputs {
  readonly items: ReadableStream<ProcessInput>;
  private controller: ReadableStreamDefaultController<ProcessInput> | undefined;
  private drained: (() => void) | undefined;
  private closed = false;

  constructor() {
    const source: Bun.UnderlyingSource<ProcessInput> = {
      start: (controller) => {
        this.controller = controller;
      },
      pull: () => this.drained?.(),
      cancel: () => this.end(),
    };
    const size = (item?: ProcessInput) => (item?.type === "stdin" ? item.bytes.length : 0);
    this.items = new ReadableStream<ProcessInput>(source, { highWaterMark, size });
  }

  /** Sends an item at once. */
  send(item: ProcessInput): void {
    if (!this.closed) this.controller?.enqueue(item);
  }

  /** Sends standard input; resolves when there is room for more. */
  async write(bytes: Uint8Array): Promise<void> {
    this.send({ type: "stdin", bytes });
    if (this.closed || (this.controller?.desiredSize ?? 1) > 0) return;
    await new Promise<void>((resolve) => {
      this.drained = resolve;
    });
  }

  /** The end of standard input. */
  end(): void {
    if (this.closed) return;
    this.closed = true;
    this.drained?.();
    try {
      this.controller?.close();
    } catch {
      // Cancelled by the other side: it is closed already.
    }
  }
}
