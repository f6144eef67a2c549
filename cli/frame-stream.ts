import { encodeFrames, encodeJsonFrame, type FrameType, frameType } from "../src/frames.ts";

/** Bytes that may wait to be sent before `write` makes its caller wait. */
const highWaterMark = 1024 * 1024;

/**
 * The body of an exec or attach request: frames from several sources (standard input, the
 * terminal's size) in one stream.
 */
export class FrameStream {
  readonly body: ReadableStream<Uint8Array>;
  private controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  private drained: (() => void) | undefined;
  private closed = false;

  constructor(spec: unknown) {
    this.body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.controller = controller;
        },
        pull: () => this.drained?.(),
        cancel: () => this.end(),
      },
      new ByteLengthQueuingStrategy({ highWaterMark }),
    );
    this.json(frameType.spec, spec);
  }

  /** Sends a JSON frame at once. */
  json(type: FrameType, value: unknown): void {
    if (!this.closed) this.controller?.enqueue(encodeJsonFrame(type, value));
  }

  /** Sends bytes; resolves when there is room for more. */
  async write(type: FrameType, bytes: Uint8Array): Promise<void> {
    for (const frame of encodeFrames(type, bytes)) {
      if (this.closed) return;
      this.controller?.enqueue(frame);
    }
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
