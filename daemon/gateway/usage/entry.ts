import type { Usage, WireFormat } from "../formats/format.ts";
import type { Caller } from "../limits/caller.ts";

/** One request that was sent to a provider, when it has ended. */
export interface UsageEntry {
  caller: Pick<Caller, "id" | "kind" | "name">;
  /** Which provider and model answered, or failed last. */
  provider: string;
  model: string;
  /** The format that the caller speaks. */
  format: WireFormat;
  /** Null: the provider did not say. */
  usage: Usage | null;
  /** Null: the price is not known, or the usage. */
  costUsd: number | null;
  /** From the request's arrival to the reply's end, in milliseconds. */
  ms: number;
  /** To the first output, of a stream. */
  firstMs: number | null;
  /** Of the reply to the caller; a stream that broke after it had begun has that of an error. */
  status: number;
  /** How often it was sent, to whatever provider. */
  attempts: number;
  stream: boolean;
  /** The request's `traceparent` (W3C Trace Context); null: it has none. */
  trace: string | null;
}

/** Whoever wants to know of each request. */
export interface UsageObserver {
  record(entry: UsageEntry): void;
}
