import { version } from "../../../src/version.ts";
import { checkSource, loopbackHosts, type Transport } from "../../http/policy.ts";
import type { Logger } from "../../log.ts";
import { commonHeaders } from "../common-headers.ts";
import { GatewayError, type GatewayErrorKind } from "../error.ts";
import type { Gateway } from "../gateway.ts";
import type { Callers } from "../limits/callers.ts";
import { BodyRoom } from "./body.ts";
import { exchangeOf } from "./exchange.ts";
import { listModels, type ModelsParts } from "./models.ts";
import { asGatewayError, refusal } from "./refusal.ts";
import { dialectOf, type ModelRoute, routeOf } from "./routes.ts";

export interface DoorParts extends ModelsParts {
  callers: Pick<Callers, "authenticate" | "observer">;
  gateway: Pick<Gateway, "answer">;
  metrics: { text(): Promise<string>; contentType: string; refused(kind: GatewayErrorKind): void };
  /** Longest body of a request, in bytes. */
  maxBodyBytes: number;
  bodies?: BodyRoom;
  log: Logger;
}

/** No web page may call it: whoever is let in brings a token, and a browser is never a client. */
const policy = { hosts: loopbackHosts, origins: new Set<string>() };

/** The gateway's HTTP: paths and errors of several protocols, all for the same models. */
export class Door {
  private readonly bodies: BodyRoom;

  constructor(private readonly parts: DoorParts) {
    this.bodies = parts.bodies ?? new BodyRoom();
  }

  /** `transport`: `unix` for what came by another way than TCP, and names no host that can be wrong. */
  async fetch(request: Request, transport: Transport = "tcp"): Promise<Response> {
    const path = pathOf(request.url);
    try {
      checkSource(policy, request.headers, transport);
      return await this.answer(request, path);
    } catch (thrown) {
      if (request.signal.aborted) return new Response(null, { status: 499 });
      const error = asGatewayError(thrown);
      // What was sent to a provider is counted as such.
      if (error.attempts === 0) this.parts.metrics.refused(error.kind);
      if (error.kind === "unexpected")
        this.parts.log.error("the gateway failed", { error: thrown });
      return refusal(error, dialectOf(path, request.headers));
    }
  }

  private async answer(request: Request, path: string): Promise<Response> {
    const route = routeOf(path);
    if (!route) throw new GatewayError("not_found", `there is nothing at ${path}`);
    if (request.method !== route.method) {
      throw new GatewayError("method_not_allowed", `${path} takes ${route.method} only`);
    }
    switch (route.kind) {
      case "model":
        return this.ask(request, route);
      case "models": {
        const caller = this.parts.callers.authenticate(request);
        return Response.json(listModels(this.parts, route, caller), { headers: commonHeaders });
      }
      case "metrics": {
        this.parts.callers.observer(request);
        const { metrics } = this.parts;
        const headers = { ...commonHeaders, "content-type": metrics.contentType };
        return new Response(await metrics.text(), { headers });
      }
      case "health":
        return Response.json({ ok: true, version }, { headers: commonHeaders });
    }
  }

  private async ask(request: Request, route: ModelRoute): Promise<Response> {
    const { callers, gateway, maxBodyBytes } = this.parts;
    const caller = callers.authenticate(request);
    const { text, release } = await this.bodies.read(caller.id, request, maxBodyBytes);
    try {
      return await gateway.answer(exchangeOf(route, request, text, caller), release);
    } catch (error) {
      release();
      throw error;
    }
  }
}

/** Without making a URL of it, which takes as long as all else that is done here. */
function pathOf(url: string): string {
  const from = url.indexOf("/", url.indexOf("://") + 3);
  if (from < 0) return "/";
  const query = url.indexOf("?", from);
  return query < 0 ? url.slice(from) : url.slice(from, query);
}
