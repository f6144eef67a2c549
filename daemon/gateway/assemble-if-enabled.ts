import { catalogueHandlers } from "../operations/catalogue.ts";
import { gatewayHandlers } from "../operations/gateway.ts";
import { usageHandlers } from "../operations/usage.ts";
import type { SessionRow } from "../store/sessions.ts";
import type { Service } from "../tunnel/service.ts";
import type { GatewayNeeds } from "./assemble.ts";
import type { UsageQuery } from "./usage/table.ts";

/** The gateway if it is enabled, else what its verbs say without it: nothing of it is loaded then. */
export async function assembleIfEnabled(needs: GatewayNeeds) {
  const { config, db, instance } = needs;
  const gateway = config.enabled
    ? await (await import("./assemble.ts")).assembleGateway(needs)
    : null;
  // What was used before it was disabled.
  const kept = {
    async report(query: UsageQuery) {
      const { UsageTable } = await import("./usage/table.ts");
      return new UsageTable(db, instance).report(query);
    },
  };
  return {
    trial: gateway?.trial ?? null,
    handlers: {
      ...usageHandlers(gateway?.usage ?? kept),
      ...catalogueHandlers(gateway?.catalogue ?? null),
      ...gatewayHandlers(gateway?.handlerParts ?? null),
    },
    /** What a session is offered at a loopback address of its own. */
    services: (session: string): readonly Service[] => gateway?.inside.services(session) ?? [],
    /** What is set in a session's environment. */
    environment: (row: SessionRow) => gateway?.inside.environment(row) ?? {},
    [Symbol.asyncDispose]: async () => gateway?.[Symbol.asyncDispose](),
  };
}
