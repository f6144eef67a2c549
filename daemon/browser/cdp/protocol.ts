import type { ProtocolMapping } from "devtools-protocol/types/protocol-mapping.d.ts";
import { NexoraError } from "../../../src/contract/errors.ts";
import { plainLine } from "../../../src/plain-text.ts";

/** Commands and events of the Chrome DevTools Protocol. */
export type Method = keyof ProtocolMapping.Commands;
export type Params<M extends Method> = ProtocolMapping.Commands[M]["paramsType"][0];
export type Result<M extends Method> = ProtocolMapping.Commands[M]["returnType"];
export type EventName = keyof ProtocolMapping.Events;
export type EventParams<E extends EventName> = ProtocolMapping.Events[E] extends [
  infer Given,
  ...unknown[],
]
  ? Given
  : undefined;

/** The runner's way to the browser's DevTools: bytes of one connection, both ways. */
export const connectPath = "/runner/browser/connect";
/** Host of a request to DevTools: the browser believes only those for an address or localhost. */
export const believedHost = "127.0.0.1:9222";

export interface SendOptions {
  /** Whose command it is; default: the browser's own, or the page's. */
  session?: string | undefined;
  signal?: AbortSignal | undefined;
  /** How long the answer may take, in milliseconds. @default 30000 */
  timeoutMs?: number;
}

/** The browser has refused a command, for example because its page has gone on to another one. */
export class Refusal extends NexoraError {
  constructor(
    readonly method: string,
    /** In the browser's words. */
    readonly reason: string,
  ) {
    super("action_failed", `the browser refused ${method}: ${plainLine(reason).slice(0, 500)}`, {
      hint: "the page may have gone on meanwhile: look with `nexora chrome snapshot`, and try again",
    });
  }
}

/** The connection to the browser is over, or the page is. */
export function gone(why: string, cause?: unknown): NexoraError {
  return new NexoraError("engine_failed", why, {
    hint: "try again: the browser is started anew when it is needed",
    cause,
  });
}
