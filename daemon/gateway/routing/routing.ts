import type { RouteConfig, Strategy, WireFormat } from "../../../src/contract/gateway.ts";
import { nearest } from "../../../src/nearest.ts";
import { GatewayError } from "../error.ts";
import type { Catalogue } from "../providers/catalogue.ts";
import { costOf } from "../providers/cost.ts";
import { nameOf, type Target } from "../providers/provider.ts";
import { type Needs, obstacle, type Speaks } from "./constraints.ts";
import { Latencies, type Outcome } from "./latency.ts";
import { type Candidate, firstTurn, nextTurn, ordered, type Turn } from "./strategies.ts";

/** Of three tokens in, one comes out: what requests of agents are like. Only for comparing prices. */
const outputShare = 1 / 3;
/** What a request is taken to be where its size is not known, in tokens. */
const usualInput = 1000;
const prefix = "route/";
/** Most reasons that an error tells. */
const maxReasons = 4;

export interface RoutingParts {
  catalogue: Pick<Catalogue, "find" | "nearest">;
  /** By name, without `route/`. */
  routes: Readonly<Record<string, RouteConfig>>;
  /** For a model's bare name, and for routes that say none. */
  strategy: Strategy;
  speaks: Speaks;
  /** Milliseconds. */
  now?: () => number;
}

export interface RouteRequest {
  /** As the client names it: `MODEL`, `PROVIDER/MODEL` or `route/NAME`. */
  model: string;
  needs: Needs;
  /** Estimated. */
  inputTokens: number;
  client: WireFormat;
  /** Whether the caller may use a target. */
  may(target: Target): boolean;
}

/** What a name stands for. */
interface Route {
  name: string;
  strategy: Strategy;
  config: Partial<RouteConfig>;
  entries: Entry[];
  /** Models that a route names and nobody has. */
  unknown: string[];
}

interface Entry {
  target: Target;
  weight: number;
}

/** A route as it is shown: what would be tried now, in that order. */
export interface RouteView {
  name: string;
  strategy: Strategy;
  targets: { target: Target; firstMs: number | null }[];
  unknown: string[];
}

/** Decides where a request goes, and where next when that fails. */
export class Routing {
  private readonly latencies: Latencies;
  private readonly turns = new Map<string, Turn>();

  constructor(private readonly parts: RoutingParts) {
    this.latencies = new Latencies(parts.now);
  }

  /**
   * All targets that can take the request, in the order to try them; never none.
   * Throws `model_not_found`, `forbidden` when the caller may use none of them, `invalid_request` when
   * none can do what is asked.
   */
  plan({ model, needs, inputTokens, client, may }: RouteRequest): Target[] {
    const route = this.routeOf(model);
    if (!route) throw this.notFound(model);
    const allowed = route.entries.filter(({ target }) => may(target));
    if (allowed.length === 0 && route.entries.length > 0) {
      throw new GatewayError("forbidden", `this token may not use the model ${quoted(model)}`);
    }
    const reasons: string[] = [];
    const fitting = allowed.filter(({ target }) => {
      const demands = { needs, inputTokens, client };
      const reason = obstacle(target, demands, route.config, this.parts.speaks);
      if (reason !== null) reasons.push(reason);
      return reason === null;
    });
    if (fitting.length === 0) throw misfit(route, reasons);
    const candidates = fitting.map((entry) => this.candidate(entry, inputTokens));
    return this.inOrder(route, candidates, true).map(({ target }) => target);
  }

  /** Notes how long a target took to its first output, or that it failed. */
  seen(target: Target, outcome: Outcome): void {
    this.latencies.seen(nameOf(target), outcome);
  }

  /** What would be tried for a name, a plain text request with nobody's limits; null: unknown name. */
  show(name: string): RouteView | null {
    const route = this.routeOf(name);
    if (!route) return null;
    const demands = { needs: { vision: false, tools: false }, inputTokens: 0, client: null };
    const candidates = route.entries
      .filter(({ target }) => !obstacle(target, demands, route.config, this.parts.speaks))
      .map((entry) => this.candidate(entry, usualInput));
    const { strategy, unknown } = route;
    const targets = this.inOrder(route, candidates, false).map(({ target, firstMs }) => {
      return { target, firstMs };
    });
    return { name, strategy, targets, unknown };
  }

  /** The names of all routes, as requests use them. */
  names(): string[] {
    return Object.keys(this.parts.routes).map((name) => `${prefix}${name}`);
  }

  private inOrder(route: Route, candidates: readonly Candidate[], taken: boolean): Candidate[] {
    const { strategy } = route;
    if (strategy !== "round_robin" && strategy !== "weighted") return ordered(strategy, candidates);
    // By its first target, of which there are not as many as there are ways to write a name.
    const [first] = route.entries;
    const key = route.name.startsWith("route/") || !first ? route.name : nameOf(first.target);
    const turn = this.turns.get(key) ?? firstTurn;
    if (taken) this.turns.set(key, nextTurn(candidates, turn));
    return ordered(strategy, candidates, turn);
  }

  private routeOf(name: string): Route | null {
    const { routes, catalogue, strategy } = this.parts;
    if (!name.startsWith(prefix)) {
      const entries = catalogue.find(name).map((target) => ({ target, weight: 1 }));
      return entries.length > 0 ? { name, strategy, config: {}, entries, unknown: [] } : null;
    }
    const key = name.slice(prefix.length);
    const config = Object.hasOwn(routes, key) ? routes[key] : undefined;
    if (!config) return null;
    const entries = new Map<string, Entry>();
    const unknown: string[] = [];
    for (const each of config.models) {
      const { model, weight } = typeof each === "string" ? { model: each, weight: 1 } : each;
      const targets = catalogue.find(model);
      if (targets.length === 0) unknown.push(model);
      for (const target of targets) {
        if (!entries.has(nameOf(target))) entries.set(nameOf(target), { target, weight });
      }
    }
    const chosen = config.strategy ?? strategy;
    return { name, strategy: chosen, config, entries: [...entries.values()], unknown };
  }

  private candidate({ target, weight }: Entry, inputTokens: number): Candidate {
    const input = Math.max(1, inputTokens);
    const tokens = { input, cachedInput: 0, cacheWrite: 0, output: input * outputShare };
    const cost = costOf(target.model.price, tokens);
    return { target, weight, cost, firstMs: this.latencies.of(nameOf(target)) };
  }

  private notFound(model: string): GatewayError {
    const near = model.startsWith(prefix)
      ? nearest(model, this.names(), 5)
      : this.parts.catalogue.nearest(model);
    const hint = near.length > 0 ? `; did you mean ${near.join(", ")}?` : "";
    return new GatewayError("model_not_found", `there is no model ${quoted(model)}${hint}`);
  }
}

function misfit({ name, unknown }: Route, reasons: readonly string[]): GatewayError {
  if (reasons.length === 0) {
    const why = `${quoted(name)} has no model that is known, only ${unknown.join(", ")}`;
    return new GatewayError("model_not_found", why);
  }
  const more = reasons.length > maxReasons ? `, and ${reasons.length - maxReasons} more` : "";
  const told = `${reasons.slice(0, maxReasons).join("; ")}${more}`;
  return new GatewayError("invalid_request", `${quoted(name)} cannot take this: ${told}`);
}

/** A name that a client sent, fit for a message. */
function quoted(name: string): string {
  return JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}…` : name);
}
