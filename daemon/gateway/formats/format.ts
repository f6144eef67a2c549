import type { WireFormat } from "../../../src/contract/gateway.ts";
import type { Json, JsonObject } from "./json.ts";
import type { SseEvent } from "./sse.ts";

export type { WireFormat };

/** Tokens, each counted once, in the bucket that is billed. */
export interface Usage {
  /** Without those read from or written to a cache. Null: the provider did not say. */
  input: number | null;
  cachedInput: number;
  cacheWrite: number;
  /** All that was put out, with reasoning. Null: the provider did not say. */
  output: number | null;
  /** How many of `output` were reasoning. */
  reasoning: number;
}

/** An error as clients are told it. */
export interface WireError {
  /** Of HTTP. */
  status: number;
  /** In the words of the client's protocol. */
  type: string;
  message: string;
  code?: string;
}

/** Follows one stream of a provider's: feed each event as it passes. */
export interface Tap {
  event(event: SseEvent): void;
  /** What is known so far; null: nothing. */
  readonly usage: Usage | null;
  /** True once real output has come: text, reasoning, a tool call; not a role or a ping. */
  readonly output: boolean;
  /**
   * True once nothing of the reply can be missing: the protocol's own end has come, or, as some
   * providers send none, a finish reason for each choice. Usage may still come after it.
   */
  readonly ended: boolean;
  /** True once an error event has come, or what is no event of this protocol. */
  readonly failed: boolean;
}

/** A request as it goes to a provider of the same format. */
export interface Passage {
  body: JsonObject;
  /** Whether an event of the reply is for the gateway alone, as the client did not ask for it. */
  hides(event: SseEvent): boolean;
  /** What the client gets in place of an event; null: the event as it is. */
  event(event: SseEvent): SseEvent | null;
  /** What the client gets in place of a whole reply; null: the reply as it is. */
  reply(body: JsonObject): JsonObject | null;
}

/** What a format knows of its own wire; no translation. */
export interface Format {
  readonly id: WireFormat;
  /** A rough count of input tokens, and the most that it may put out, for reservations. */
  estimate(body: JsonObject): { input: number; output: number };
  /** What the request needs, for routing. Gemini says in the path whether it streams. */
  needs(body: JsonObject): { vision: boolean; tools: boolean; stream: boolean };
  /** Null when the reply has none. */
  usageOf(reply: JsonObject): Usage | null;
  tap(): Tap;
  /**
   * The body with the provider's name of the model; usage asked for, where a stream has none by
   * itself; without the reasoning of other providers that this gateway had translated.
   */
  pass(body: JsonObject, model: string): Passage;
  errorBody(error: WireError): JsonObject;
  /** What ends a stream that has begun: never a clean end. */
  errorEvents(error: WireError): SseEvent[];
}

/** A stream from one format to the other. It does not throw: what goes wrong is an error event. */
export interface StreamTranslation {
  event(event: SseEvent): SseEvent[];
  /** The provider has closed. A stream that was cut off ends in error events. */
  end(): SseEvent[];
}

/** One exchange between a client and a provider of different formats; made anew for each. */
export interface Translation {
  /**
   * The request for the provider. Throws BadRequest for what it cannot be asked. What only tunes
   * (`top_k`, `seed`, penalties, cache marks, tiers) is left out where there is no word for it.
   */
  request(body: JsonObject, model: string): JsonObject;
  /** Throws BadReply. */
  reply(body: JsonObject): JsonObject;
  stream(): StreamTranslation;
  /** The provider's error in the client's words. */
  error(status: number, body: Json): WireError;
}
