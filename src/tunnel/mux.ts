import { encodeFrame, FrameReader } from "./frame.ts";
import { frameType, limits, TunnelError } from "./protocol.ts";
import { type StreamUser, TunnelStream } from "./stream.ts";

/** What a tunnel tells its user. */
export interface MuxUser {
  /** There is something to `take`. */
  wake(): void;
  /** JSON of the other side's, valid only during the call. May throw TunnelError. */
  control(payload: Uint8Array): void;
  /** The other side has opened a stream: who uses it, or why it is refused. */
  opened(stream: TunnelStream): StreamUser | string;
}

const encoder = new TextEncoder();

/**
 * One side of a tunnel as a state machine without sockets: bytes that came go into `receive`, bytes
 * to send come out of `take`. The side `inside` opens streams, the other one accepts them. What the
 * other side can make it hold is bounded by `limits`, whatever it sends.
 */
export class Mux {
  private readonly reader = new FrameReader();
  private readonly streams = new Map<number, TunnelStream>();
  /** Streams with something to send, in the order of their turns. */
  private readonly ready = new Set<TunnelStream>();
  /** Frames that go before all others. */
  private readonly urgent: Uint8Array[] = [];
  private pongDue = false;
  /** Refusals that wait to be sent. */
  private refusals = 0;
  private lastOpened = 0;
  private closed = false;

  constructor(
    private readonly side: "inside" | "outside",
    private readonly user: MuxUser,
  ) {}

  /** Streams that are not over, or whose users are not done. */
  get size(): number {
    return this.streams.size;
  }

  /** Opens a stream to a service; null when there are too many, or the tunnel is closed. */
  open(service: string, user: StreamUser): TunnelStream | null {
    if (this.closed || this.streams.size >= limits.streams) return null;
    const stream = this.add(++this.lastOpened, service);
    this.urge(encodeFrame(frameType.open, stream.id, encoder.encode(service)));
    stream.user = user;
    return stream;
  }

  /** Sends a JSON value of at most `limits.payload` bytes. */
  control(value: unknown): void {
    this.urge(encodeFrame(frameType.control, 0, encoder.encode(JSON.stringify(value))));
  }

  /** Asks the other side for a sign of life. */
  ping(): void {
    this.urge(encodeFrame(frameType.ping, 0));
  }

  /** Takes bytes of the other side's. Throws TunnelError when they break the protocol. */
  receive(bytes: Uint8Array): void {
    this.reader.push(bytes, (type, id, payload) => this.frame(type, id, payload));
  }

  /** At least `atLeast` bytes to send, if there are so many; null when there are none. */
  take(atLeast: number): Uint8Array | null {
    const frames: Uint8Array[] = [];
    for (let length = 0; length < atLeast; ) {
      const frame = this.next();
      if (!frame) break;
      frames.push(frame);
      length += frame.length;
    }
    if (frames.length < 2) return frames[0] ?? null;
    return Buffer.concat(frames);
  }

  /** The connection is over: every stream is lost. */
  close(reason: string): void {
    this.closed = true;
    for (const stream of this.streams.values()) stream.lose(reason);
    this.ready.clear();
    this.urgent.length = 0;
  }

  private next(): Uint8Array | null {
    if (this.pongDue) {
      this.pongDue = false;
      return encodeFrame(frameType.pong, 0);
    }
    const urgent = this.urgent.shift();
    if (urgent) {
      if (urgent[0] === frameType.reset) this.refusals--;
      return urgent;
    }
    for (const stream of this.ready) {
      this.ready.delete(stream);
      const frame = stream.next();
      if (!frame) continue;
      // To the end of the queue: a large stream takes turns with the others.
      this.ready.add(stream);
      return frame;
    }
    return null;
  }

  private frame(type: number, id: number, payload: Uint8Array): void {
    if (this.closed) return;
    if (type === frameType.open) {
      this.accept(id, payload);
    } else if (id === 0) {
      this.ofConnection(type, payload);
    } else if (type < frameType.data || type > frameType.reset) {
      throw new TunnelError(`a frame of type ${type} does not belong to a stream`);
    } else if (id > this.lastOpened) {
      throw new TunnelError("a frame came for a stream that was never opened");
    } else {
      // A stream that is no longer known had frames under way when it ended.
      this.streams.get(id)?.receive(type, payload);
    }
  }

  private ofConnection(type: number, payload: Uint8Array): void {
    if (type === frameType.control) {
      this.user.control(payload);
    } else if (payload.length > 0 || (type !== frameType.ping && type !== frameType.pong)) {
      throw new TunnelError(`a frame of type ${type} is malformed, or belongs to a stream`);
    } else if (type === frameType.ping) {
      this.pongDue = true;
      this.user.wake();
    }
  }

  private accept(id: number, payload: Uint8Array): void {
    if (this.side === "inside") throw new TunnelError("only the inside opens streams");
    if (id !== this.lastOpened + 1) throw new TunnelError("a stream was opened out of turn");
    this.lastOpened = id;
    const full = this.streams.size >= limits.streams;
    const stream = this.add(id, new TextDecoder().decode(payload.subarray(0, limits.reason)));
    const user = full ? "too many streams are open" : this.user.opened(stream);
    if (typeof user === "string") {
      this.streams.delete(id);
      this.refuse(id, user);
    } else {
      stream.user = user;
    }
  }

  private refuse(id: number, reason: string): void {
    // An honest side does not open more before it has heard of these.
    if (++this.refusals > limits.streams) throw new TunnelError("streams are opened in a flood");
    this.urge(encodeFrame(frameType.reset, id, encoder.encode(reason).subarray(0, limits.reason)));
  }

  private add(id: number, service: string): TunnelStream {
    const stream = new TunnelStream(id, service, {
      ready: (ready) => {
        if (this.closed) return;
        this.ready.add(ready);
        this.user.wake();
      },
      finished: ({ id: finished }) => this.streams.delete(finished),
    });
    this.streams.set(id, stream);
    return stream;
  }

  private urge(frame: Uint8Array): void {
    if (this.closed) return;
    this.urgent.push(frame);
    this.user.wake();
  }
}
