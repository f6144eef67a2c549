import { GatewayError, type GatewayErrorKind } from "../error.ts";
import type { Outcome, Tried } from "./failover.ts";
import type { Failure } from "./failure.ts";

/** What it is called when all have failed in the same way. */
const kindOf: Record<Failure["kind"], GatewayErrorKind> = {
  refused: "no_key",
  limited: "rate_limited",
  broken: "upstream_failed",
  slow: "upstream_timeout",
  unfit: "invalid_request",
};

/** What the client is told when nobody had an answer. */
export function explain({ tried, attempts, waitMs }: Outcome, model: string): GatewayError {
  const waits = tried.map(({ failure }) => failure.options.retryAfterMs ?? never);
  const shortest = Math.min(waitMs ?? never, ...waits);
  const retryAfterMs = shortest === never ? null : Math.ceil(shortest);
  const options = { attempts, retryAfterMs };
  const [first] = tried;
  if (!first) {
    const why = `nobody who has ${model} can be asked now: they have failed, or are at their limits`;
    return new GatewayError("unavailable", why, options);
  }
  const { kind } = first.failure;
  const same = tried.every(({ failure }) => failure.kind === kind);
  const said = [...new Set(tried.map(sentence))].join("; ");
  return new GatewayError(same ? kindOf[kind] : "upstream_failed", said, options);
}

const never = Number.POSITIVE_INFINITY;

function sentence({ candidate: { provider, key }, failure }: Tried): string {
  if (failure.kind !== "refused" || !key) return `${provider.id}: ${failure.message}`;
  return `${provider.id} refuses the key ${key.name} (…${key.last4}): ${failure.message}`;
}
