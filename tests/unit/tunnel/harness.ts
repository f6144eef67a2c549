import { ByteQueue } from "../../../src/tunnel/byte-queue.ts";
import { Mux } from "../../../src/tunnel/mux.ts";
import type { StreamUser, TunnelStream } from "../../../src/tunnel/stream.ts";

/** A user of a stream that keeps what comes until it is read, and remembers how it ended. */
export class Party implements StreamUser {
  stream: TunnelStream | null = null;
  readonly held = new ByteQueue();
  readonly read: Uint8Array[] = [];
  hasEnded = false;
  lostFor: string | null = null;
  drains = 0;
  /** It sends no more. */
  closed = false;

  data(bytes: Uint8Array): void {
    this.held.push(bytes);
  }

  ended(): void {
    this.hasEnded = true;
  }

  lost(reason: string): void {
    this.lostFor = reason;
  }

  drained(): void {
    this.drains++;
  }

  /** Reads at most so many of the bytes that wait. */
  consume(count = Number.POSITIVE_INFINITY): void {
    const bytes = this.held.peek();
    if (!bytes) return;
    const part = bytes.slice(0, Math.min(count, bytes.length));
    this.held.drop(part.length);
    this.read.push(part);
    this.stream?.consumed(part.length);
  }

  consumeAll(): void {
    while (this.held.length > 0) this.consume();
  }

  get text(): string {
    return Buffer.concat(this.read).toString();
  }
}

/** Two sides of a tunnel with nothing between them but bytes that `move` carries. */
export class Pair {
  readonly accepted: Party[] = [];
  readonly controls: string[] = [];
  /** Who gets the streams that are opened next; then new parties do. */
  readonly next: Party[] = [];
  /** Why the outside refuses streams, if it does. */
  refusal: string | null = null;
  readonly inside = new Mux("inside", {
    wake: () => {},
    control: (payload) => this.hear(payload),
    opened: () => "the inside accepts none",
  });
  readonly outside = new Mux("outside", {
    wake: () => {},
    control: (payload) => this.hear(payload),
    opened: (stream) => {
      if (this.refusal !== null) return this.refusal;
      const party = this.next.shift() ?? new Party();
      party.stream = stream;
      this.accepted.push(party);
      return party;
    },
  });

  /** A stream that the inside opens: its party inside, and the other one once it was moved. */
  open(service = "echo"): Party {
    const party = new Party();
    party.stream = this.inside.open(service, party);
    return party;
  }

  /** A stream with both of its parties. */
  connect(): { inside: Party; outside: Party } {
    const inside = this.open();
    this.move();
    const outside = this.accepted.at(-1);
    if (!outside) throw new Error("the stream was not accepted");
    return { inside, outside };
  }

  /** Carries bytes until neither side has any. */
  move(): void {
    for (let moved = true; moved; ) moved = [this.carryOut(), this.carryIn()].includes(true);
  }

  /** Carries bytes from the inside to the outside, in pieces as `cut` says; whether there were any. */
  carryOut(cut?: (length: number) => number): boolean {
    return carry(this.inside, this.outside, cut);
  }

  carryIn(cut?: (length: number) => number): boolean {
    return carry(this.outside, this.inside, cut);
  }

  private hear(payload: Uint8Array): void {
    this.controls.push(new TextDecoder().decode(payload));
  }
}

function carry(from: Mux, to: Mux, cut = (length: number) => length): boolean {
  const bytes = from.take(1);
  for (let at = 0; bytes && at < bytes.length; ) {
    const part = bytes.subarray(at, at + Math.max(1, cut(bytes.length - at)));
    at += part.length;
    to.receive(part);
  }
  return bytes !== null;
}
