import { version } from "../../../src/version.ts";
import type { Logger } from "../../log.ts";
import type { UsageEntry, UsageObserver } from "./entry.ts";
import { attributes, type Span, spanOf } from "./span.ts";

export interface OtlpParts {
  /** Of a collector, such as `http://127.0.0.1:4318`. */
  endpoint: string;
  /** As in OTEL_EXPORTER_OTLP_HEADERS: `name=value,name=value`, percent-encoded. */
  headers: string | undefined;
  log: Logger;
}

/** Spans that wait at most, and how many go at once; OpenTelemetry's own defaults. */
const maxWaiting = 2048;
const batch = 512;
const everyMs = 5000;
const deadlineMs = 10_000;
/** How long the daemon's end may wait for the collector. */
const closingMs = 1000;
/** Statuses after which the same spans may be sent again (OTLP, "Retryable Response Codes"). */
const passing = new Set([429, 502, 503, 504]);

/**
 * Sends a span for each request to an OpenTelemetry collector (OTLP over HTTP, as JSON). A collector
 * that is slow or away costs spans, never a request.
 */
export class Otlp implements UsageObserver, AsyncDisposable {
  private readonly url: string;
  private readonly headers: Record<string, string>;
  private waiting: Span[] = [];
  private dropped = 0;
  private timer: Timer | undefined;
  private sent: Promise<void> = Promise.resolve();
  private readonly closing = new AbortController();

  constructor(private readonly parts: OtlpParts) {
    this.url = `${parts.endpoint.replace(/\/+$/, "")}/v1/traces`;
    this.headers = { ...headersOf(parts.headers), "content-type": "application/json" };
  }

  record(entry: UsageEntry): void {
    const span = spanOf(entry);
    if (span === null) return;
    if (this.waiting.length >= maxWaiting) {
      this.dropped++;
      return;
    }
    this.waiting.push(span);
    this.timer ??= setTimeout(() => void this.flush(), everyMs);
  }

  /** Sends what waits; resolves when that has been tried. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.sent = this.sent.then(() => this.send());
    return this.sent;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const late = setTimeout(() => this.closing.abort(), closingMs);
    await this.flush();
    clearTimeout(late);
    clearTimeout(this.timer);
  }

  private async send(): Promise<void> {
    while (this.waiting.length > 0) {
      const spans = this.waiting.slice(0, batch);
      const why = await this.post(spans);
      if (why !== null) {
        const { host } = new URL(this.url);
        this.parts.log.warn("spans were not sent", { host, why, waiting: this.waiting.length });
        this.timer ??= setTimeout(() => void this.flush(), everyMs);
        return;
      }
      this.waiting.splice(0, spans.length);
    }
    if (this.dropped > 0) this.parts.log.warn("spans were dropped", { count: this.dropped });
    this.dropped = 0;
  }

  /** Null: they are gone, for good or because they will never be taken; else why not now. */
  private async post(spans: readonly Span[]): Promise<string | null> {
    try {
      const reply = await fetch(this.url, {
        method: "POST",
        headers: this.headers,
        body: JSON.stringify(requestOf(spans)),
        redirect: "manual",
        ...(isLoopback(this.url) ? { proxy: "" } : {}),
        signal: AbortSignal.any([this.closing.signal, AbortSignal.timeout(deadlineMs)]),
      });
      await reply.body?.cancel();
      if (passing.has(reply.status)) return `status ${reply.status}`;
      if (!reply.ok) this.dropped += spans.length;
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
}

function requestOf(spans: readonly Span[]): unknown {
  const resource = {
    attributes: attributes({ "service.name": "nexora", "service.version": version }),
  };
  const scope = { name: "nexora.gateway", version };
  return { resourceSpans: [{ resource, scopeSpans: [{ scope, spans }] }] };
}

/** A proxy of the environment must never see what goes to this machine. */
function isLoopback(url: string): boolean {
  return /^(localhost|127\..*|\[::1\])$/.test(new URL(url).hostname);
}

function headersOf(text = ""): Record<string, string> {
  const pairs = text.split(",").map((pair) => /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(pair));
  return Object.fromEntries(
    pairs.flatMap((found) => (found?.[1] ? [[found[1], decoded(found[2] ?? "")]] : [])),
  );
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
