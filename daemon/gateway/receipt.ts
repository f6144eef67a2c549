import type { GatewayRequest } from "../../src/contract/gateway-requests.ts";
import type { Usage } from "./formats/format.ts";
import type { Admission } from "./limits/limits.ts";
import type { Catalogue } from "./providers/catalogue.ts";
import type { RequestLog } from "./request-log.ts";
import type { Candidate } from "./upstream/candidates.ts";
import type { Exchange } from "./upstream/exchange.ts";
import type { Tried } from "./upstream/failover.ts";
import type { UsageObserver } from "./usage/entry.ts";

export interface ReceiptParts {
  catalogue: Pick<Catalogue, "costOf">;
  usage: UsageObserver;
  requests: RequestLog;
  /** Whether the log has the beginning of what was asked. */
  logsPrompts: boolean;
}

/** How a request has ended. */
export interface Ending {
  /** Of the reply; 499: the client has gone. */
  status: number;
  usage: Usage | null;
  costUsd: number | null;
  /** What went wrong; null: nothing did. */
  error: string | null;
}

/** Most of what was asked that a log keeps, in characters. */
const maxPrompt = 4000;

/** What there is to say of a request when it has ended, and who has to hear it; said once. */
export class Receipt {
  /** Who answered, or was asked last. */
  candidate: Candidate | null = null;
  attempts = 0;
  tried: readonly Tried[] = [];
  firstMs: number | null = null;
  /** Leave that was given, of the caller and of the provider's key. */
  readonly admissions: Admission[] = [];
  private readonly time = new Date();
  private readonly begun = performance.now();
  private isClosed = false;

  constructor(
    private readonly parts: ReceiptParts,
    private readonly exchange: Exchange,
    /** The request has ended. */
    private readonly over: () => void,
  ) {}

  /** Milliseconds since the request came. */
  get ms(): number {
    return performance.now() - this.begun;
  }

  /** US dollars; null: unknown. */
  costOf(usage: Usage | null): number | null {
    const { candidate, exchange } = this;
    // Counting is free at every provider that does it.
    if (exchange.counts) return 0;
    if (!usage || !candidate) return null;
    return this.parts.catalogue.costOf(candidate.provider.id, candidate.model.id, usage);
  }

  /** `tokens`: what was used; null: nobody knows. */
  close(ending: Ending, tokens: number | null): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.over();
    for (const admission of this.admissions) admission.settle(tokens);
    const { ms } = this;
    this.parts.requests.record(this.entryOf(ending, ms));
    const { candidate, exchange, firstMs, attempts } = this;
    if (!candidate || attempts === 0) return;
    const { caller, client, stream, headers } = exchange;
    const { status, usage, costUsd } = ending;
    this.parts.usage.record({
      caller,
      provider: candidate.provider.id,
      model: candidate.model.id,
      format: client.id,
      usage,
      costUsd,
      ms,
      firstMs,
      status,
      attempts,
      stream,
      trace: headers.get("traceparent"),
    });
  }

  private entryOf(
    { status, usage, costUsd, error }: Ending,
    ms: number,
  ): Omit<GatewayRequest, "id"> {
    const { candidate, exchange, attempts, firstMs } = this;
    const { caller } = exchange;
    return {
      time: this.time.toISOString(),
      request: exchange.id,
      caller: { kind: caller.kind, name: caller.name },
      asked: exchange.model,
      provider: candidate?.provider.id ?? null,
      model: candidate?.model.id ?? null,
      key: candidate?.key?.name ?? null,
      format: exchange.client.id,
      stream: exchange.stream,
      status,
      attempts,
      tried: this.tried.map(({ candidate: { provider, key }, failure }) => ({
        provider: provider.id,
        key: key?.name ?? null,
        problem: failure.message,
      })),
      ms,
      firstMs,
      inputTokens: usage && inputOf(usage),
      outputTokens: usage?.output ?? null,
      costUsd,
      error,
      prompt: this.parts.logsPrompts ? exchange.text.slice(0, maxPrompt) : null,
    };
  }
}

/** All tokens of the input, wherever they were read from. */
export function inputOf({ input, cachedInput, cacheWrite }: Usage): number | null {
  return input === null ? null : input + cachedInput + cacheWrite;
}

/** All tokens that count for limits; null: nobody knows. */
export function tokensOf(usage: Usage | null): number | null {
  const input = usage && inputOf(usage);
  return input === null || usage?.output == null ? null : input + usage.output;
}
