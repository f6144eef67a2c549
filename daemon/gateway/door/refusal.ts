import { NexoraError } from "../../../src/contract/errors.ts";
import { commonHeaders } from "../common-headers.ts";
import { GatewayError } from "../error.ts";
import type { WireFormat } from "../formats/format.ts";
import { formatOf } from "../formats/index.ts";

/** Whatever was thrown, as an error of the gateway's. */
export function asGatewayError(thrown: unknown): GatewayError {
  if (thrown instanceof GatewayError) return thrown;
  if (thrown instanceof NexoraError && thrown.code === "forbidden") {
    return new GatewayError("forbidden", thrown.message, { cause: thrown });
  }
  return new GatewayError("unexpected", "the gateway failed; its daemon's log tells why", {
    cause: thrown,
  });
}

/** An error as the client's protocol says it. */
export function refusal(error: GatewayError, format: WireFormat): Response {
  const { status, kind, message, retryAfterMs, isPassing } = error;
  const headers: Record<string, string> = {
    ...commonHeaders,
    // The official SDKs go by it, and else send again whatever has failed with these statuses.
    "x-should-retry": String(isPassing),
  };
  if (retryAfterMs !== null) {
    headers["retry-after"] = String(Math.ceil(retryAfterMs / 1000));
    headers["retry-after-ms"] = String(Math.ceil(retryAfterMs));
  }
  const body = formatOf(format).errorBody({ status, type: kind, message });
  return Response.json(body, { status, headers });
}
