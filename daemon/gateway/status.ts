import { Gauge, type Registry } from "prom-client";
import type { GatewayStatus } from "../../src/contract/gateway-requests.ts";
import type { ProviderKey, Vault } from "../vault/keys.ts";
import type { Catalogue } from "./providers/catalogue.ts";
import type { Breakers } from "./upstream/breaker.ts";
import { idOf } from "./upstream/candidates.ts";
import type { Rests } from "./upstream/rests.ts";

export interface StatusParts {
  catalogue: Pick<Catalogue, "providers">;
  vault: Pick<Vault, "usable">;
  breakers: Breakers;
  rests: Rests;
}

/** Shows Prometheus which providers can be asked. */
export function exposeStates(registry: Registry, parts: StatusParts): void {
  new Gauge({
    name: "nexora_gateway_provider_ready",
    help: "0 while a provider is left alone with this key: it has failed, or has asked for it",
    labelNames: ["provider", "key"],
    registers: [registry],
    collect() {
      this.reset();
      for (const { provider, key, state } of providerStates(parts)) {
        this.set({ provider, key: key ?? "" }, state === "ready" ? 1 : 0);
      }
    },
  });
}

type Entry = GatewayStatus["providers"][number];

/** How every provider that can be asked is doing, key by key. */
export function providerStates({ catalogue, vault, breakers, rests }: StatusParts): Entry[] {
  const stateOf = (provider: string, key: ProviderKey | null): Entry => {
    const id = idOf(provider, key);
    const { state, failures, probeAt } = breakers.stateOf(id);
    const rest = rests.leftOf(id);
    const until = rest > 0 ? Date.now() + rest : state === "open" ? probeAt : null;
    return {
      provider,
      key: key?.name ?? null,
      last4: key?.last4 ?? null,
      state: state !== "closed" ? state : rest > 0 ? "resting" : "ready",
      failures,
      until: until === null ? null : new Date(until).toISOString(),
      health: key?.health ?? null,
    };
  };
  return catalogue
    .providers()
    .flatMap(({ id, auth }) =>
      auth === null ? [stateOf(id, null)] : vault.usable(id).map((key) => stateOf(id, key)),
    );
}
