import { NexoraError } from "../../src/contract/errors.ts";
import type { GatewayStatus, gatewayOperations } from "../../src/contract/gateway-requests.ts";
import type { RequestLog } from "../gateway/request-log.ts";
import type { Trial } from "../gateway/trial.ts";
import type { HandlersOf } from "./handler.ts";

export interface GatewayHandlerParts {
  status(): GatewayStatus;
  requests: Pick<RequestLog, "list" | "follow">;
  trial: Pick<Trial, "ofTarget">;
}

const disabled: GatewayStatus = { enabled: false, url: null, open: 0, providers: [] };

/** `parts`: null when the gateway is disabled. */
export function gatewayHandlers(
  parts: GatewayHandlerParts | null,
): HandlersOf<typeof gatewayOperations> {
  return {
    "gateway.status": {
      reply(_, { principal: { sessions } }) {
        const status = parts?.status() ?? disabled;
        // Facts about keys are not for whoever is bound to sessions.
        return sessions === null ? status : { ...status, open: 0, providers: [] };
      },
    },
    "gateway.test": { reply: ({ target }, { signal }) => on(parts).trial.ofTarget(target, signal) },
    "gateway.logs": {
      reply: (query) => ({ requests: on(parts).requests.list(query) }),
      stream: (query, { signal }) => on(parts).requests.follow(query, signal),
    },
  };
}

function on(parts: GatewayHandlerParts | null): GatewayHandlerParts {
  if (parts) return parts;
  throw new NexoraError("conflict", "the gateway is disabled", {
    hint: "set `gateway.enabled` in the configuration to true, and restart the daemon",
  });
}
