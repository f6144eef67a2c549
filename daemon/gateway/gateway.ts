import type { Vault } from "../vault/keys.ts";
import { commonHeaders } from "./common-headers.ts";
import { GatewayError } from "./error.ts";
import type { Usage } from "./formats/format.ts";
import type { Limits } from "./limits/limits.ts";
import { nameOf, type Target } from "./providers/provider.ts";
import { Receipt, type ReceiptParts, tokensOf } from "./receipt.ts";
import type { Routing } from "./routing/routing.ts";
import type { Answer } from "./upstream/attempt.ts";
import { type Candidate, candidatesOf } from "./upstream/candidates.ts";
import type { Exchange } from "./upstream/exchange.ts";
import { explain } from "./upstream/explain.ts";
import type { Failover } from "./upstream/failover.ts";
import type { UpstreamStream } from "./upstream/stream.ts";

export interface GatewayParts extends ReceiptParts {
  routing: Pick<Routing, "plan" | "seen">;
  vault: Pick<Vault, "usable">;
  limits: Pick<Limits, "admit">;
  failover: Failover;
}

/** The way of one request: may the caller, who has the model, who of them answers, what it cost. */
export class Gateway {
  /** Streams under way, each with what ends it. */
  private readonly streams = new Set<() => void>();

  constructor(private readonly parts: GatewayParts) {}

  /**
   * The reply for the client; `over` is called once that has been sent, or broken off. Throws
   * GatewayError when there is none.
   */
  async answer(exchange: Exchange, over: () => void): Promise<Response> {
    const receipt = new Receipt(this.parts, exchange, over);
    try {
      const { caller, estimate } = exchange;
      const admission = this.parts.limits.admit(caller, estimate.input + estimate.output);
      receipt.admissions.push(admission);
      let candidates = this.candidatesFor(exchange);
      if (exchange.counts) {
        candidates = candidates.filter(({ wire }) => wire === exchange.client.id);
        if (candidates.length === 0) return estimated(exchange, receipt);
      }
      const outcome = await this.parts.failover.run(exchange, candidates);
      receipt.attempts = outcome.attempts;
      receipt.tried = outcome.tried;
      receipt.candidate = outcome.answered?.candidate ?? outcome.tried.at(-1)?.candidate ?? null;
      if (!outcome.answered) {
        exchange.signal.throwIfAborted();
        throw explain(outcome, exchange.model);
      }
      const { answer, candidate, admission: ofKey } = outcome.answered;
      receipt.admissions.push(ofKey);
      return this.deliver(exchange, answer, candidate, receipt);
    } catch (error) {
      const { aborted } = exchange.signal;
      const status = aborted ? 499 : statusOf(error);
      const message = error instanceof Error ? error.message : String(error);
      // What the provider did for a client that has gone, nobody knows.
      receipt.close({ status, usage: null, costUsd: null, error: message }, aborted ? null : 0);
      throw error;
    }
  }

  /** Who can be asked, in order. Throws GatewayError when nobody can. */
  private candidatesFor({ client, model, body, stream, estimate, caller }: Exchange): Candidate[] {
    const { routing, vault } = this.parts;
    const needs = { ...client.needs(body), stream };
    const may = (target: Target) => caller.may(target.provider.id, target.model.id, model);
    const plan = { model, needs, inputTokens: estimate.input, client: client.id, may };
    const targets = routing.plan(plan);
    // What nobody knows the price of cannot be held below a budget.
    const priced = targets.filter((target) => !caller.budgeted || target.model.price !== null);
    if (priced.length === 0) {
      throw new GatewayError(
        "forbidden",
        `${caller.kind} ${caller.name} has a budget, and the price of ${targets.map(nameOf).join(", ")} is unknown`,
      );
    }
    const candidates = candidatesOf(priced, client.id, (provider) => vault.usable(provider));
    if (candidates.length > 0) return candidates;
    const providers = [...new Set(priced.map(({ provider }) => provider.id))];
    throw new GatewayError(
      "no_key",
      `there is no usable key for ${providers.join(", ")}: set one with \`nexora keys set ${providers[0] ?? "PROVIDER"}\``,
    );
  }

  private deliver(
    exchange: Exchange,
    answer: Answer,
    candidate: Candidate,
    receipt: Receipt,
  ): Response {
    const headers = headersFor(exchange, answer, candidate, receipt.attempts);
    if (answer.kind === "stream") {
      receipt.firstMs = receipt.ms;
      this.parts.routing.seen(candidate.target, { firstMs: receipt.firstMs });
      return new Response(this.clientStream(exchange, answer.stream, receipt), { headers });
    }
    if (answer.kind === "error") {
      const { status, message } = answer;
      receipt.close({ status, usage: null, costUsd: null, error: message }, 0);
      return new Response(answer.body, { status, headers });
    }
    // About four characters a token.
    const seen = Math.ceil(answer.body.length / 4);
    const usage = exchange.counts
      ? null
      : measured(answer.usage, exchange.estimate.input, seen, true);
    this.parts.routing.seen(candidate.target, { firstMs: receipt.ms });
    const costUsd = receipt.costOf(usage);
    // An estimate is for budgets, and told to nobody as the cost.
    if (costUsd !== null && answer.usage) headers["x-nexora-cost-usd"] = String(costUsd);
    receipt.close({ status: 200, usage, costUsd, error: null }, tokensOf(usage));
    return new Response(answer.body, { headers });
  }

  /** Breaks off the streams that are under way, so that what they have cost is known. */
  close(): void {
    for (const end of this.streams) end();
  }

  /** Reads from the provider only as fast as the client reads. */
  private clientStream(
    exchange: Exchange,
    stream: UpstreamStream,
    receipt: Receipt,
  ): ReadableStream<Uint8Array> {
    const { streams } = this;
    const { signal } = exchange;
    const ended = () => {
      streams.delete(end);
      signal.removeEventListener("abort", end);
      const isOver = stream.isWhole || stream.broke !== null;
      if (receipt.candidate && isOver) {
        this.parts.failover.ended(receipt.candidate, stream.broke !== null);
      }
      closeStream(exchange, stream, receipt);
    };
    const end = () => {
      stream.cancel();
      ended();
    };
    streams.add(end);
    // Of a stream that nobody has begun to read, nobody says that it is not wanted.
    signal.addEventListener("abort", end, { once: true });
    if (signal.aborted) end();
    return new ReadableStream(
      {
        async pull(controller) {
          const bytes = await stream.next();
          if (bytes) return controller.enqueue(bytes);
          ended();
          controller.close();
        },
        cancel: end,
      },
      { highWaterMark: 0 },
    );
  }
}

/** Where no provider counts in the client's format, an estimate is better than nothing. */
function estimated({ client, body, id }: Exchange, receipt: Receipt): Response {
  receipt.close({ status: 200, usage: null, costUsd: null, error: null }, 0);
  const headers = { ...commonHeaders, "x-nexora-request": id };
  return Response.json({ input_tokens: client.estimate(body).input }, { headers });
}

/** Of the provider's headers, those by which it knows the request, and when to come again. */
const passed = ["request-id", "x-request-id", "retry-after"];

function headersFor(
  { id, stream }: Exchange,
  answer: Answer,
  { provider, model }: Candidate,
  attempts: number,
): Record<string, string> {
  const isStream = stream && answer.kind === "stream";
  const headers: Record<string, string> = {
    ...commonHeaders,
    "content-type": isStream ? "text/event-stream; charset=utf-8" : "application/json",
    "x-nexora-request": id,
    "x-nexora-provider": provider.id,
    "x-nexora-model": encodeURI(model.id),
    "x-nexora-attempts": String(attempts),
  };
  for (const name of passed) {
    const value = answer.headers.get(name);
    // Whatever is longer is none of these, and could be anything.
    if (value !== null && /^[\w.:@ -]{1,100}$/.test(value)) headers[name] = value;
  }
  return headers;
}

function closeStream({ signal, estimate }: Exchange, stream: UpstreamStream, receipt: Receipt) {
  const { broke, isWhole } = stream;
  const usage = measured(stream.usage, estimate.input, stream.events, isWhole);
  const status = isWhole ? 200 : signal.aborted || !broke ? 499 : broke.kind === "slow" ? 504 : 502;
  const error = isWhole ? null : (broke?.message ?? "the client has gone");
  receipt.close({ status, usage, costUsd: receipt.costOf(usage), error }, tokensOf(usage));
}

/**
 * What a reply has used: what nobody has said, or not to its end, is estimated, so that it counts for
 * budgets and limits all the same. `seen`: tokens that have come, about one an event.
 */
function measured(said: Usage | null, input: number, seen: number, isWhole: boolean): Usage {
  const output = said?.output ?? null;
  return {
    ...(said ?? nothing),
    input: said?.input ?? input,
    output: isWhole && output !== null ? output : Math.max(output ?? 0, seen),
  };
}

const nothing: Usage = { input: null, cachedInput: 0, cacheWrite: 0, output: null, reasoning: 0 };

function statusOf(error: unknown): number {
  return error instanceof GatewayError ? error.status : 500;
}
