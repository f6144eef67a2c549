import { decodeNumber, encodeFrame, encodeNumber } from "./frame.ts";
import { frameType, limits, TunnelError } from "./protocol.ts";

/** What a stream tells its user. None of these may throw. */
export interface StreamUser {
  /** Bytes that are valid only during the call; `consumed` makes room for more. */
  data(bytes: Uint8Array): void;
  /** The other side sends no more. */
  ended(): void;
  /** The other side, or the loss of the tunnel, has ended both directions. Comes once, and last. */
  lost(reason: string): void;
  /** All that was given to `send` is out. */
  drained(): void;
}

/** What a stream needs of its tunnel. */
interface StreamOwner {
  /** The stream has a frame to send. */
  ready(stream: TunnelStream): void;
  /** Both directions have ended and the user is done: the stream can be forgotten. */
  finished(stream: TunnelStream): void;
}

/** One connection through the tunnel: two directions that end apart, each with its own window. */
export class TunnelStream {
  user: StreamUser | null = null;
  private readonly queue: Uint8Array[] = [];
  /** Bytes that may be sent before the other side makes room. */
  private credit: number = limits.window;
  /** Bytes that the other side may still send. */
  private room: number = limits.window;
  /** Bytes that were read, for which no room has been made yet. */
  private owed = 0;
  private ending: "no" | "asked" | "sent" = "no";
  private otherEnded = false;
  /** Why it was reset by this side, until that is sent. */
  private resetting: string | null = null;
  /** It was reset by either side. */
  private broken = false;
  /** Why the user has released it. */
  private leaving: string | null = null;

  constructor(
    readonly id: number,
    readonly service: string,
    private readonly owner: StreamOwner,
  ) {}

  /** The other side has sent all that it wanted to. */
  get receivedAll(): boolean {
    return this.otherEnded;
  }

  /** Bytes that wait to be sent. */
  get waiting(): number {
    return this.queue.reduce((sum, bytes) => sum + bytes.length, 0);
  }

  /** Sends bytes, which are held until they are out: `drained` tells. Nothing once it has ended. */
  send(bytes: Uint8Array): void {
    if (this.broken || this.ending !== "no" || bytes.length === 0) return;
    this.queue.push(bytes);
    if (this.credit > 0) this.owner.ready(this);
  }

  /** Sends no more after what has been given to `send`. */
  end(): void {
    if (this.broken || this.ending !== "no") return;
    this.ending = "asked";
    this.owner.ready(this);
  }

  /** Ends both directions at once; what was not sent yet is dropped. */
  reset(reason: string): void {
    if (this.broken || this.done) return;
    this.broken = true;
    this.queue.length = 0;
    this.resetting = reason;
    this.owner.ready(this);
  }

  /** So many of the received bytes are no longer held. */
  consumed(count: number): void {
    this.owed += count;
    if (this.broken || this.otherEnded || this.owed < limits.window / 2) return;
    this.owner.ready(this);
  }

  /**
   * Its user is done with it. What was sent before `end` still goes out; what comes in is dropped,
   * and the other side is told so with the reason. Without an `end` it is a reset.
   */
  release(reason: string): void {
    this.user = null;
    this.leaving = reason;
    if (this.ending !== "asked") this.reset(reason);
    this.forget();
  }

  /** For the tunnel: takes a frame of this stream. Throws TunnelError when it breaks the rules. */
  receive(type: number, payload: Uint8Array): void {
    // What was under way when this side gave the stream up.
    if (this.broken) return;
    if (type === frameType.window) {
      this.grant(decodeNumber(payload));
    } else if (type === frameType.reset) {
      this.lose(new TextDecoder().decode(payload.subarray(0, limits.reason)));
    } else if (this.otherEnded) {
      throw new TunnelError("a stream went on after its end");
    } else if (type === frameType.end) {
      this.otherEnded = true;
      this.user?.ended();
      this.forget();
    } else {
      this.take(payload);
    }
  }

  /** For the tunnel: ends both directions without a word to the other side. */
  lose(reason: string): void {
    if (this.broken || this.done) return;
    this.broken = true;
    this.queue.length = 0;
    this.user?.lost(reason);
    this.forget();
  }

  /** For the tunnel: the next frame, or null when nothing can be sent now. */
  next(): Uint8Array | null {
    if (this.resetting !== null) {
      const reason = new TextEncoder().encode(this.resetting).subarray(0, limits.reason);
      this.resetting = null;
      this.forget();
      return encodeFrame(frameType.reset, this.id, reason);
    }
    if (this.broken) return null;
    if (this.owed >= limits.window / 2 && !this.otherEnded) {
      const room = encodeNumber(this.owed);
      this.room += this.owed;
      this.owed = 0;
      return encodeFrame(frameType.window, this.id, room);
    }
    const [head] = this.queue;
    if (head) return this.credit > 0 ? this.nextData(head) : null;
    if (this.ending !== "asked") return null;
    this.ending = "sent";
    if (this.leaving !== null) this.reset(this.leaving);
    this.forget();
    return encodeFrame(frameType.end, this.id);
  }

  private take(payload: Uint8Array): void {
    if (payload.length === 0) throw new TunnelError("a data frame is empty");
    if (payload.length > this.room) throw new TunnelError("a stream sent more than its window");
    this.room -= payload.length;
    this.user?.data(payload);
  }

  private nextData(head: Uint8Array): Uint8Array {
    const payload = head.subarray(0, Math.min(limits.payload, this.credit));
    this.credit -= payload.length;
    if (payload.length === head.length) this.queue.shift();
    else this.queue[0] = head.subarray(payload.length);
    const frame = encodeFrame(frameType.data, this.id, payload);
    if (this.queue.length === 0) this.user?.drained();
    return frame;
  }

  private grant(count: number): void {
    this.credit += count;
    if (this.credit > limits.window) throw new TunnelError("a window grew beyond its limit");
    if (this.queue.length > 0) this.owner.ready(this);
  }

  private get done(): boolean {
    return this.ending === "sent" && this.otherEnded;
  }

  private forget(): void {
    const over = this.done || (this.broken && this.resetting === null);
    if (over && this.leaving !== null) this.owner.finished(this);
  }
}
