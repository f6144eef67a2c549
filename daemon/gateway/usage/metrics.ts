import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { GatewayErrorKind } from "../error.ts";
import type { UsageEntry, UsageObserver } from "./entry.ts";
import { Names } from "./names.ts";

/** In seconds: an answer of a small model, and a long piece of reasoning. */
const durations = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];
/** Pairs of provider and model that have series of their own. */
const maxModels = 500;

/**
 * What Prometheus reads at `/metrics`: names in its manner, in base units. Labels are bounded, and say
 * nothing of who asked.
 */
export class Metrics implements UsageObserver {
  /** For gauges of other parts. */
  readonly registry = new Registry();
  private readonly names = new Names(maxModels);
  private readonly requests = this.counter(
    "requests_total",
    "Requests that were sent to a provider",
    ["provider", "model", "status"],
  );
  private readonly attempts = this.counter(
    "attempts_total",
    "Calls of providers, retries included",
    ["provider", "model"],
  );
  private readonly tokens = this.counter("tokens_total", "Tokens, each in one type", [
    "provider",
    "model",
    "type",
  ]);
  private readonly cost = this.counter("cost_usd_total", "What it cost, where the price is known", [
    "provider",
    "model",
  ]);
  private readonly refusals = this.counter(
    "refused_total",
    "Requests that were sent to no provider",
    ["reason"],
  );
  private readonly duration = this.histogram("request_duration_seconds", "Until the reply's end");
  private readonly firstOutput = this.histogram(
    "time_to_first_output_seconds",
    "Until the first output of a stream",
  );

  constructor({ inProgress }: { inProgress: () => number }) {
    new Gauge({
      name: "nexora_gateway_requests_in_progress",
      help: "Requests that have not ended",
      registers: [this.registry],
      collect() {
        this.set(inProgress());
      },
    });
  }

  /** The media type of `text`. */
  get contentType(): string {
    return this.registry.contentType;
  }

  /** All of it, in the Prometheus text format. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  record(entry: UsageEntry): void {
    const { provider, usage, costUsd, status, attempts, ms, firstMs } = entry;
    const labels = { provider, model: this.names.modelOf(provider, entry.model) };
    this.requests.inc({ ...labels, status });
    this.attempts.inc(labels, attempts);
    this.duration.observe({ provider }, ms / 1000);
    if (firstMs !== null) this.firstOutput.observe({ provider }, firstMs / 1000);
    if (costUsd !== null) this.cost.inc(labels, costUsd);
    if (usage === null) return;
    const { input, cachedInput, cacheWrite, output } = usage;
    const types = { input, cached_input: cachedInput, cache_write: cacheWrite, output };
    for (const [type, count] of Object.entries(types)) {
      if (count) this.tokens.inc({ ...labels, type }, count);
    }
  }

  /** A request that was answered by the gateway itself. */
  refused(reason: GatewayErrorKind): void {
    this.refusals.inc({ reason });
  }

  private counter<Label extends string>(
    name: string,
    help: string,
    labelNames: Label[],
  ): Counter<Label> {
    return new Counter({
      name: `nexora_gateway_${name}`,
      help,
      labelNames,
      registers: [this.registry],
    });
  }

  private histogram(name: string, help: string): Histogram<"provider"> {
    return new Histogram({
      name: `nexora_gateway_${name}`,
      help,
      labelNames: ["provider"],
      buckets: durations,
      registers: [this.registry],
    });
  }
}
