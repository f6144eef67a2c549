import { RfbError } from "../../src/rfb/error.ts";

/** Most bytes that may wait for a server that does not read, 2 million key events. */
const maxWaiting = 16 * 1024 * 1024;

/** Writes to a socket in order, keeping what it does not take at once until it drains. */
export class Outbox {
  private waiting: Uint8Array[] = [];
  private length = 0;

  /** `write` returns how many bytes the socket has taken; below 0: it is closed. */
  constructor(private readonly write: (bytes: Uint8Array) => number) {}

  /** Throws an RfbError when too much waits already. */
  send(bytes: Uint8Array): void {
    if (this.length + bytes.length > maxWaiting) {
      throw new RfbError("the display no longer accepts input");
    }
    this.waiting.push(bytes);
    this.length += bytes.length;
    if (this.waiting.length === 1) this.drain();
  }

  /** Writes on; to be called when the socket takes bytes again. */
  drain(): void {
    for (let next = this.waiting[0]; next; next = this.waiting[0]) {
      const written = Math.max(0, this.write(next));
      this.length -= written;
      if (written < next.length) {
        this.waiting[0] = next.subarray(written);
        return;
      }
      this.waiting.shift();
    }
  }
}
