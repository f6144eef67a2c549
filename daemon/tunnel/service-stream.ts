import { NexoraError } from "../../src/contract/errors.ts";
import { ByteQueue } from "../../src/tunnel/byte-queue.ts";
import { limits } from "../../src/tunnel/protocol.ts";
import type { StreamUser, TunnelStream } from "../../src/tunnel/stream.ts";

/**
 * A connection from inside, as a service sees it: bytes to read, as an async iterable that ends when
 * the program ends its sending, and bytes to write. Neither side gets ahead of the other by more
 * than `limits.window`.
 */
export class ServiceStream implements StreamUser, AsyncIterable<Uint8Array> {
  private readonly received = new ByteQueue();
  private readonly broken = new AbortController();
  private allReceived = false;
  /** Called when there is something to read or room to write, or never will be. */
  private waiting: (() => void)[] = [];

  constructor(private readonly stream: TunnelStream) {}

  /** Aborts, with an `interrupted`, when the program or the tunnel has broken the stream off. */
  get signal(): AbortSignal {
    return this.broken.signal;
  }

  /** The next bytes; null after the last. Throws `interrupted` when the stream was broken off. */
  async read(): Promise<Uint8Array | null> {
    for (;;) {
      if (!this.allReceived) this.signal.throwIfAborted();
      const bytes = this.received.take();
      if (bytes) {
        this.stream.consumed(bytes.length);
        return bytes;
      }
      if (this.allReceived) return null;
      await this.change();
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (let bytes = await this.read(); bytes; bytes = await this.read()) yield bytes;
  }

  /**
   * Sends bytes, which must not change afterwards; resolves when more are welcome. Throws
   * `interrupted` when the stream was broken off.
   */
  async write(bytes: Uint8Array): Promise<void> {
    this.signal.throwIfAborted();
    this.stream.send(bytes);
    while (this.stream.waiting > limits.window / 2) {
      await this.change();
      this.signal.throwIfAborted();
    }
  }

  /** Sends no more; the program may still send. */
  end(): void {
    this.stream.end();
  }

  /** For the tunnel: the service is done with it, and has failed or not; why is not told inside. */
  release(failed: boolean): void {
    if (!failed) this.stream.end();
    this.stream.release(failed ? "the service failed" : "the service has closed the connection");
    this.received.clear();
  }

  data(bytes: Uint8Array): void {
    this.received.push(bytes);
    this.wake();
  }

  ended(): void {
    this.allReceived = true;
    this.wake();
  }

  drained(): void {
    this.wake();
  }

  lost(reason: string): void {
    this.broken.abort(new NexoraError("interrupted", `the stream was broken off: ${reason}`));
    this.wake();
  }

  private change(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private wake(): void {
    for (const resume of this.waiting.splice(0)) resume();
  }
}
