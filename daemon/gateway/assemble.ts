import type { Config } from "../../src/contract/config.ts";
import type { Paths } from "../../src/paths.ts";
import type { Logger } from "../log.ts";
import type { GatewayHandlerParts } from "../operations/gateway.ts";
import type { Tokens } from "../principals/tokens.ts";
import type { Database } from "../store/database.ts";
import type { Vault } from "../vault/keys.ts";
import { type AssembledCatalogue, assembleCatalogue } from "./assemble-catalogue.ts";
import { Door } from "./door/door.ts";
import { listen } from "./door/listener.ts";
import { Gateway } from "./gateway.ts";
import { Inside } from "./inside.ts";
import { Callers, type SessionModels } from "./limits/callers.ts";
import { Limits } from "./limits/limits.ts";
import { RequestLog } from "./request-log.ts";
import { exposeStates, providerStates } from "./status.ts";
import { Trial } from "./trial.ts";
import { Breakers } from "./upstream/breaker.ts";
import { speaks } from "./upstream/candidates.ts";
import { Failover } from "./upstream/failover.ts";
import { Rests } from "./upstream/rests.ts";
import { Metrics } from "./usage/metrics.ts";
import { Otlp } from "./usage/otlp.ts";
import { UsageLog } from "./usage/usage-log.ts";

export interface GatewayNeeds {
  config: Config["gateway"];
  paths: Paths;
  env: Record<string, string | undefined>;
  db: Database;
  instance: string;
  log: Logger;
  /** File with the models and prices that come with the release. */
  snapshot: string;
  tokens: Tokens;
  /** What the home's token file holds. */
  fileToken: string;
  /** From which the tokens of sessions follow: 32 secret bytes that stay the same. */
  sessionKey: Uint8Array;
  /** A session that runs, by id. */
  session(id: string): SessionModels | null;
  vault: Vault;
}

export interface AssembledGateway extends AsyncDisposable {
  /** For those who come from inside a workstation. */
  inside: Inside;
  trial: Trial;
  usage: UsageLog;
  catalogue: AssembledCatalogue;
  handlerParts: GatewayHandlerParts;
}

/** Makes the gateway out of its parts, and lets it listen. Throws `conflict` when its port is taken. */
export async function assembleGateway(needs: GatewayNeeds): Promise<AssembledGateway> {
  const { config, env, db, instance, log, vault, tokens, fileToken } = needs;
  await using ends = new AsyncDisposableStack();
  const hasKey = (provider: string) => vault.usable(provider).length > 0;
  const wanted = () => vault.hasAny;
  const catalogue = assembleCatalogue({ ...needs, speaks, hasKey, wanted });
  ends.use(catalogue);
  const metrics: Metrics = new Metrics({ inProgress: () => limits.open });
  const endpoint = config.otlp;
  const headers = env.OTEL_EXPORTER_OTLP_HEADERS;
  const otlp = endpoint ? [ends.use(new Otlp({ endpoint, headers, log }))] : [];
  const usage = await UsageLog.open({ db, instance, log, observers: [metrics, ...otlp] });
  ends.use(usage);
  const limits = new Limits(usage);

  const breakers = new Breakers();
  const rests = new Rests();
  const states = { catalogue: catalogue.catalogue, vault, breakers, rests };
  exposeStates(metrics.registry, states);
  const requests = new RequestLog();
  const { routing } = catalogue;
  const failover = new Failover({ breakers, rests, vault, limits, routing, patience: config });
  const gateway = new Gateway({
    routing,
    catalogue: catalogue.catalogue,
    vault,
    limits,
    failover,
    usage,
    requests,
    logsPrompts: config.logPrompts,
  });
  ends.defer(() => gateway.close());
  const callers = new Callers({
    tokens,
    fileToken,
    key: needs.sessionKey,
    session: (id) => needs.session(id),
  });
  const door = new Door({
    callers,
    gateway,
    metrics,
    maxBodyBytes: config.maxBodyBytes,
    log,
    catalogue: catalogue.catalogue,
    isUsable: (id) => catalogue.catalogue.provider(id)?.auth === null || hasKey(id),
    routes: Object.keys(config.routes),
  });
  const listener = listen(door, config.port);
  ends.defer(() => listener.stop());
  log.info("gateway ready", { url: listener.url });
  const inside = new Inside({
    fetch: (request) => door.fetch(request, "unix"),
    callers,
    socket: needs.paths.modelsSocket,
    session: (id) => needs.session(id),
  });
  ends.defer(() => inside.close());
  const trial = new Trial({ catalogue: catalogue.catalogue, vault });
  const made = ends.move();
  return {
    inside,
    trial,
    usage,
    catalogue,
    handlerParts: {
      status: () => ({
        enabled: true,
        url: listener.url,
        open: limits.open,
        providers: providerStates(states),
      }),
      requests,
      trial,
    },
    [Symbol.asyncDispose]: () => made.disposeAsync(),
  };
}
