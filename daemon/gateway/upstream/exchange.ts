import type { Format } from "../formats/format.ts";
import type { JsonObject } from "../formats/json.ts";
import type { Caller } from "../limits/caller.ts";

/** A request of a client, as far as it is the same whoever is asked. */
export interface Exchange {
  /** Names it in the log and to the client. */
  id: string;
  caller: Caller;
  client: Format;
  /** The model, as the client named it. */
  model: string;
  /** The body, and the text that it was read from. */
  body: JsonObject;
  text: string;
  stream: boolean;
  /** What the address ends in behind the format's path, for a model's id. */
  suffix: (model: string) => string;
  /** Only the tokens of a request are counted: no model is run. */
  counts: boolean;
  /** The client's own headers. */
  headers: Headers;
  /** Aborts when the client goes. */
  signal: AbortSignal;
  /** Tokens, roughly; none when they are only counted. */
  estimate: { input: number; output: number };
}
