import type { Socket } from "bun";
import { deadline, within } from "../../src/abort.ts";
import { RfbClient, type RfbClientOptions } from "../../src/rfb/client.ts";
import type { Cursor } from "../../src/rfb/encodings/cursor.ts";
import { refusal } from "../../src/rfb/encodings/extended-desktop-size.ts";
import { RfbError } from "../../src/rfb/error.ts";
import { BandHashes, revOf } from "./band-hashes.ts";
import { ChangeJournal } from "./change-journal.ts";
import { PixelBuffer } from "./framebuffer.ts";
import { Outbox } from "./outbox.ts";
import { SyncQueue } from "./sync-queue.ts";
import type { Display, Framebuffer, KeyEvent, Region } from "./types.ts";

/** How long one display may keep the daemon at work, and must then leave it to others, in milliseconds. */
const sliceMs = 25;
const nothing = new Uint8Array(0);
/** Longest wait for a fence, in milliseconds. */
const syncDeadline = 10_000;

/** A display over one TCP connection. Made by `connect` (connect.ts); when it has ended, connect anew. */
export class Connection implements Display {
  closed: Error | null = null;
  pointer: { x: number; y: number } | null = null;
  /**
   * Shape of the pointer. Xvnc sends an empty one and draws the pointer into the framebuffer
   * while it is somebody else who moved it last.
   */
  cursor: Cursor | null = null;

  private buffer = new PixelBuffer(1, 1);
  /** That the journal knows, as long as nothing has changed since. */
  private lastRev: string | null = null;
  private readonly hashes = new BandHashes(0n);
  private readonly journal = new ChangeJournal();
  private readonly changeListeners = new Set<(regions: readonly Region[]) => void>();
  private readonly closeListeners = new Set<(error: Error) => void>();
  private readonly syncs = new SyncQueue();
  private readonly resizes: ((status: number) => void)[] = [];
  private readonly firstFrame = Promise.withResolvers<void>();
  private readonly outbox: Outbox;
  /** It has kept the daemon at work long enough for the moment. */
  private resting = false;
  private readonly client: RfbClient;

  constructor(
    private readonly socket: Socket<unknown>,
    options: RfbClientOptions,
  ) {
    this.outbox = new Outbox((bytes) => socket.write(bytes));
    this.firstFrame.promise.catch(() => {});
    this.client = new RfbClient(options, {
      send: (bytes) => this.outbox.send(bytes),
      resized: (width, height) => this.resized(width, height),
      updated: (complete) => this.updated(complete),
      fenced: (payload) => this.syncs.answered(payload),
      resizeAnswered: (status) => this.resizes.shift()?.(status),
      cursor: (shape) => {
        this.cursor = shape;
      },
      cursorMoved: (x, y) => {
        this.pointer = { x, y };
      },
    });
  }

  get framebuffer(): Framebuffer {
    return this.buffer;
  }

  /** Resolves when every pixel has arrived once. */
  get ready(): Promise<void> {
    return this.firstFrame.promise;
  }

  rev(): string {
    // Also what has come of an update in part counts; only bands that have changed are hashed.
    const rev = revOf(this.buffer, this.hashes);
    if (rev !== this.lastRev) this.journal.looked(rev);
    this.lastRev = rev;
    return rev;
  }

  changedSince(rev: string): Region[] | null {
    return this.journal.since(rev);
  }

  onChange(listener: (regions: readonly Region[]) => void): () => void {
    this.changeListeners.add(listener);
    return () => this.changeListeners.delete(listener);
  }

  onClose(listener: (error: Error) => void): () => void {
    this.closeListeners.add(listener);
    return () => this.closeListeners.delete(listener);
  }

  keys(events: readonly KeyEvent[]): void {
    this.input(() => this.client.keys(events));
  }

  pointerEvent(x: number, y: number, buttons: number): void {
    this.input(() => this.client.pointer(x, y, buttons));
    this.pointer = { x, y };
  }

  async sync(signal?: AbortSignal): Promise<void> {
    const { payload, answer } = this.syncs.add();
    this.input(() => {
      if (this.client.fences) this.client.fence(payload);
      // Without Fence: a request that the server answers in any case, after what came before.
      else this.client.refresh({ x: 0, y: 0, width: 1, height: 1 });
    });
    await within(answer, deadline(syncDeadline, signal));
  }

  /** Asks for another size of the desktop. Throws `display_failed` when the server refuses. */
  async resize(width: number, height: number, signal?: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    this.resizes.push(resolve);
    const stop = this.onClose(reject);
    try {
      this.input(() => this.client.setDesktopSize(width, height));
      const status = await within(promise, deadline(syncDeadline, signal));
      if (status !== 0) {
        throw new RfbError(
          `the display could not be resized to ${width}x${height}: ${refusal(status)}`,
        );
      }
    } finally {
      stop();
    }
  }

  /** Takes bytes from the socket; works on them for a moment at a time, whatever they ask for. */
  received(bytes: Uint8Array): void {
    if (this.closed) return;
    const end = performance.now() + sliceMs;
    const resting = this.resting;
    try {
      if (this.client.push(bytes, () => !resting && performance.now() < end) || resting) return;
      this.resting = true;
      this.socket.pause();
      setTimeout(() => this.goOn(), sliceMs);
    } catch (error) {
      this.close(error instanceof Error ? error : new RfbError(String(error)));
    }
  }

  private goOn(): void {
    if (this.closed) return;
    this.resting = false;
    this.socket.resume();
    this.received(nothing);
  }

  /** The socket takes bytes again. */
  drained(): void {
    if (!this.closed) this.outbox.drain();
  }

  /** Ends the connection; whoever waits on it is told `reason`. */
  close(reason: Error): void {
    if (this.closed) return;
    this.closed = reason;
    this.socket.terminate();
    this.firstFrame.reject(reason);
    this.syncs.fail(reason);
    for (const listener of this.closeListeners) listener(reason);
    this.closeListeners.clear();
    this.changeListeners.clear();
  }

  private input(send: () => void): void {
    if (this.closed) throw this.closed;
    send();
  }

  private resized(width: number, height: number): PixelBuffer {
    this.buffer = this.buffer.resized(width, height);
    this.lastRev = null;
    return this.buffer;
  }

  private updated(complete: boolean): void {
    const regions = this.buffer.takeChanges();
    if (regions.length > 0) {
      this.lastRev = null;
      this.journal.changed(regions);
      for (const listener of this.changeListeners) listener(regions);
    }
    if (complete) this.firstFrame.resolve();
    if (!this.client.fences) this.syncs.answeredAll();
  }
}
