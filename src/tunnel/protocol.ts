import { NexoraError, type NexoraErrorOptions } from "../contract/errors.ts";

/**
 * The tunnel: how programs inside a workstation reach services that the daemon offers. The daemon
 * opens one connection, `POST /runner/tunnel`, whose request and reply carry frames; the runner
 * listens on loopback inside and opens a stream for each connection that it accepts.
 *
 * A frame: type (u8), stream (u32), length of the payload (u32), payload. Numbers are big-endian.
 *
 * - `control`, stream 0: JSON. First of all the daemon's Offer[], answered once with OfferReply[].
 * - `ping`, `pong`, stream 0: empty; a ping is answered by a pong.
 * - `open`: the runner opens a stream to the service that the payload names. Ids count up from 1.
 * - `data`: 1 to `limits.payload` bytes, at most as many as the receiver has room for: `limits.window`
 *   at first, and what its `window` frames (u32) have added since.
 * - `end`: the sender sends no more on this stream; the other direction goes on.
 * - `reset`: the sender neither sends nor reads any more; the payload says why. After its own `end`
 *   it only means the second: what it has sent is complete.
 *
 * Whatever breaks these rules ends the connection. A change that others would not understand gets
 * another path.
 */
export const frameType = {
  control: 0,
  ping: 1,
  pong: 2,
  open: 3,
  data: 4,
  window: 5,
  end: 6,
  reset: 7,
} as const;
export type FrameType = (typeof frameType)[keyof typeof frameType];

/** What either side may make the other hold; bytes unless said otherwise. */
export const limits = {
  /** Longest payload of a frame. */
  payload: 32 * 1024,
  /** Sent on one stream and not read yet. */
  window: 128 * 1024,
  /** Streams at once. */
  streams: 128,
  /** Longest reason of a reset; a longer one is cut. */
  reason: 200,
} as const;

export const tunnelPath = "/runner/tunnel";

/** A service, and the port of 127.0.0.1 inside at which the runner is to listen for it. */
export interface Offer {
  name: string;
  port: number;
}

/** What became of an offer: null, or why it cannot be reached inside. */
export interface OfferReply {
  name: string;
  error: string | null;
}

/** The other side has broken the protocol, or the connection was lost. */
export class TunnelError extends NexoraError {
  constructor(message: string, options: NexoraErrorOptions = {}) {
    super("engine_failed", message, options);
  }
}

/** Reads the runner's side of `control`. Throws TunnelError when it is none. */
export function parseOffers(payload: Uint8Array): Offer[] {
  return list(payload).map(({ name, port }) => {
    if (!isName(name)) throw new TunnelError("an offer needs a name");
    if (typeof port !== "number" || !Number.isInteger(port) || port < 1 || port > 65_535) {
      throw new TunnelError(`the offer of ${name} needs a port from 1 to 65535`);
    }
    return { name, port };
  });
}

/** Reads the daemon's side of `control`. Throws TunnelError when it is none. */
export function parseReplies(payload: Uint8Array): OfferReply[] {
  return list(payload).map(({ name, error }) => {
    if (!isName(name) || (error !== null && typeof error !== "string")) {
      throw new TunnelError("the reply to an offer is not one");
    }
    return { name, error: error?.slice(0, limits.reason) ?? null };
  });
}

/** At most this many services in one offer. */
const maxOffers = 64;

function list(payload: Uint8Array): Record<string, unknown>[] {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(payload));
  } catch (cause) {
    throw new TunnelError("a control frame is not JSON", { cause });
  }
  if (Array.isArray(value) && value.length <= maxOffers && value.every(isRecord)) return value;
  throw new TunnelError(`a control frame is not a list of up to ${maxOffers} objects`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isName(value: unknown): value is string {
  return typeof value === "string" && /^[a-z][a-z0-9-]{0,31}$/.test(value);
}
