import type { GatewayStatus, GatewayTest } from "../../src/contract/gateway-requests.ts";
import { formatDuration } from "../../src/duration.ts";
import { fields, table } from "./table.ts";
import { printable } from "./units.ts";

/** Where the gateway listens, and each provider that can be asked, key by key. */
export function statusText({ enabled, url, open, providers }: GatewayStatus): string {
  if (!enabled) return "the gateway is disabled";
  const rows = providers.map(({ provider, key, last4, state, failures, until, health }) => [
    provider,
    key === null ? "-" : last4 ? `${key} (…${last4})` : key,
    state,
    String(failures),
    until ?? "-",
    health ?? "-",
  ]);
  const heading = ["PROVIDER", "KEY", "STATE", "FAILURES", "UNTIL", "LAST SEEN"];
  return `${fields({ url, "under way": open })}\n\n${table(heading, rows)}`;
}

/** What came of a small call to a provider. */
export function trialText({ provider, key, model, ms, reply, costUsd }: GatewayTest): string {
  return fields({
    provider: key === null ? provider : `${provider}, with the key ${key}`,
    model: printable(model),
    answered: `in ${formatDuration(ms)}`,
    reply: printable(reply),
    cost: costUsd === null ? "unpriced" : `${costUsd} USD`,
  });
}
