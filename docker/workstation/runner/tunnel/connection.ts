import type { Socket } from "bun";
import { ByteQueue } from "../../../../src/tunnel/byte-queue.ts";
import { limits } from "../../../../src/tunnel/protocol.ts";
import type { StreamUser, TunnelStream } from "../../../../src/tunnel/stream.ts";

export type InsideSocket = Socket<InsideConnection>;

/**
 * A connection of a program inside, joined to a stream of the tunnel. Each direction ends by itself,
 * and is held back when its reader is slow; what is broken on one side is broken on the other.
 */
export class InsideConnection implements StreamUser {
  /** The program's side is closed. */
  gone = false;
  private stream: TunnelStream | null = null;
  /** Bytes for the program, which does not take them yet. */
  private readonly held = new ByteQueue();
  private paused = false;
  private shut = false;
  private lostStream = false;

  constructor(private readonly socket: InsideSocket) {
    // Nothing is read before there is somebody to hand it to.
    this.pause();
  }

  /** Joins it to a stream, once. */
  join(stream: TunnelStream): void {
    this.stream = stream;
    this.resume();
  }

  /** Breaks it off, so that the program sees an error and not an end. */
  refuse(): void {
    this.socket.terminate();
  }

  /** The program has sent bytes. */
  received(bytes: Uint8Array): void {
    this.stream?.send(bytes);
    if (this.stream && this.stream.waiting >= limits.window) this.pause();
  }

  /** The program sends no more, and may go on reading. */
  endReceived(): void {
    this.stream?.end();
  }

  /** The program takes bytes again. */
  writable(): void {
    for (let bytes = this.held.peek(); bytes; bytes = this.held.peek()) {
      const count = this.write(bytes);
      this.held.drop(count);
      if (count < bytes.length) return;
    }
    if (this.shut) this.shutdown();
  }

  /** The connection is gone: at its end, or with an error. */
  closed(error: Error | undefined): void {
    this.gone = true;
    this.held.clear();
    if (error) this.stream?.reset(`the program inside broke the connection off (${error.message})`);
    else this.stream?.end();
    this.stream?.release("the program inside has closed the connection");
  }

  data(bytes: Uint8Array): void {
    const count = this.held.length > 0 ? 0 : this.write(bytes);
    if (count < bytes.length) this.held.push(bytes.subarray(count));
  }

  ended(): void {
    this.shut = true;
    if (this.held.length === 0) this.shutdown();
  }

  drained(): void {
    this.resume();
  }

  lost(): void {
    this.lostStream = true;
    if (!this.shut) this.socket.terminate();
    else if (this.held.length === 0) this.shutdown();
  }

  private write(bytes: Uint8Array): number {
    // Below zero when the connection is gone, which `closed` is about.
    const count = Math.max(0, this.socket.write(bytes));
    this.stream?.consumed(count);
    return count;
  }

  /** After the last byte: the program may go on sending, unless nobody would read it. */
  private shutdown(): void {
    if (this.lostStream) this.socket.end();
    else this.socket.shutdown();
  }

  private pause(): void {
    this.paused = true;
    this.socket.pause();
  }

  private resume(): void {
    if (!this.paused) return;
    this.paused = false;
    this.socket.resume();
  }
}
