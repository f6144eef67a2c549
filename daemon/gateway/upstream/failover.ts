import { delay } from "../../../src/abort.ts";
import type { ProviderKey, Vault } from "../../vault/keys.ts";
import type { Admission, Limits } from "../limits/limits.ts";
import type { Routing } from "../routing/routing.ts";
import { type Answer, attempt, type Patience } from "./attempt.ts";
import type { Breakers } from "./breaker.ts";
import type { Candidate } from "./candidates.ts";
import type { Exchange } from "./exchange.ts";
import { Failure } from "./failure.ts";
import type { Rests } from "./rests.ts";

export interface FailoverParts {
  breakers: Breakers;
  rests: Rests;
  vault: Pick<Vault, "reveal" | "seen">;
  limits: Pick<Limits, "admitKey">;
  routing: Pick<Routing, "seen">;
  patience: Patience;
}

/** Most times that one request is sent. */
const maxAttempts = 8;
/** Pause before the next attempt after a failure: chosen at random up to this, in milliseconds, then up to twice as much. */
const pauseMs = { first: 100, longest: 2000 };
/** Longest rest that a request waits out when there is nobody else to ask, in milliseconds. */
const worthWaitingMs = 2000;

/** An attempt that came to nothing. */
export interface Tried {
  candidate: Candidate;
  failure: Failure;
}

export interface Outcome {
  /** Null: nobody could be asked, or nobody had an answer. */
  answered: { answer: Answer; candidate: Candidate; admission: Admission } | null;
  tried: Tried[];
  /** How often the request was sent. */
  attempts: number;
  /** Until the first of those that were left alone may be asked, in milliseconds; null: none were. */
  waitMs: number | null;
}

/**
 * Asks one candidate after the other until one has an answer. Who has failed is not asked again, but
 * for those that were broken or busy when all others have failed too: those once more, after a pause.
 */
export class Failover {
  constructor(private readonly parts: FailoverParts) {}

  async run(exchange: Exchange, candidates: readonly Candidate[]): Promise<Outcome> {
    const outcome: Outcome = { answered: null, tried: [], attempts: 0, waitMs: null };
    await this.round(exchange, candidates, outcome);
    if (outcome.answered || exchange.signal.aborted) return outcome;
    const again = outcome.tried.filter(({ failure }) => isWorthAgain(failure));
    if (again.length === 0) return outcome;
    const rest = Math.min(...again.map(({ candidate }) => this.parts.rests.leftOf(candidate.id)));
    if (rest > worthWaitingMs) return outcome;
    if (rest > 0) await delay(rest, exchange.signal);
    await this.round(
      exchange,
      again.map(({ candidate }) => candidate),
      outcome,
    );
    return outcome;
  }

  private async round(
    exchange: Exchange,
    candidates: readonly Candidate[],
    outcome: Outcome,
  ): Promise<void> {
    for (const candidate of candidates) {
      if (exchange.signal.aborted || outcome.attempts >= maxAttempts) return;
      await this.pause(exchange, outcome);
      const admission = this.enter(exchange, candidate);
      if (typeof admission === "number") {
        outcome.waitMs = Math.min(admission, outcome.waitMs ?? Number.POSITIVE_INFINITY);
        continue;
      }
      outcome.attempts++;
      const answer = await this.ask(exchange, candidate);
      this.learn(candidate, answer, exchange);
      if (!(answer instanceof Failure)) {
        outcome.answered = { answer, candidate, admission };
        return;
      }
      // What was sent counts, also in vain: the provider has counted it too.
      if (answer.kind === "unfit") admission.cancel();
      else admission.settle(answer.kind === "slow" ? null : 0);
      outcome.tried.push({ candidate, failure: answer });
    }
  }

  /** After something broke, so that many who are waiting do not come back at the same instant. */
  private async pause({ signal }: Exchange, { tried }: Outcome): Promise<void> {
    if (tried.at(-1)?.failure.kind !== "broken") return;
    const most = Math.min(pauseMs.first * 2 ** (tried.length - 1), pauseMs.longest);
    await delay(Math.random() * most, signal);
  }

  /** Leave to ask, or how long to wait for it, in milliseconds. */
  private enter({ estimate }: Exchange, { id, key }: Candidate): Admission | number {
    const { breakers, rests, limits } = this.parts;
    const wait = rests.leftOf(id) || breakers.enter(id);
    if (wait > 0) return wait;
    const admission = key ? limits.admitKey(key, estimate.input + estimate.output) : free;
    if (!("retryAfterMs" in admission)) return admission;
    breakers.abandoned(id);
    return admission.retryAfterMs ?? Number.POSITIVE_INFINITY;
  }

  private async ask(exchange: Exchange, candidate: Candidate): Promise<Answer | Failure> {
    const { vault, patience } = this.parts;
    let secret: string | null = null;
    try {
      if (candidate.key) secret = vault.reveal(candidate.key.id);
      return await attempt(exchange, candidate, secret, patience);
    } catch (error) {
      this.parts.breakers.abandoned(candidate.id);
      throw error;
    }
  }

  /** What an attempt tells about the provider and its key. */
  private learn(candidate: Candidate, answer: Answer | Failure, { signal }: Exchange): void {
    const { breakers, rests, routing } = this.parts;
    const { id, target } = candidate;
    if (!(answer instanceof Failure)) {
      // A stream that has begun well can still break; but a breaker that lets one try need not wait.
      const isSure = answer.kind !== "stream" || breakers.stateOf(id).state !== "closed";
      if (isSure) breakers.succeeded(id);
      this.seen(candidate, "good");
      return;
    }
    if (signal.aborted || answer.kind === "unfit") {
      breakers.abandoned(id);
      return;
    }
    const { retryAfterMs = null } = answer.options;
    if (retryAfterMs !== null) rests.rest(id, retryAfterMs);
    // Who says for how long is not broken: five callers at once must not open the breaker.
    if (answer.kind === "limited" && retryAfterMs !== null) breakers.abandoned(id);
    else breakers.failed(id);
    if (answer.kind === "refused") this.seen(candidate, "refused");
    else if (answer.kind === "limited") this.seen(candidate, "limited");
    else routing.seen(target, { failed: true });
  }

  /** To be called when a stream has ended that had begun: whether it broke. */
  ended({ id, target }: Candidate, broke: boolean): void {
    const { breakers, routing } = this.parts;
    if (!broke) {
      breakers.succeeded(id);
      return;
    }
    breakers.failed(id);
    routing.seen(target, { failed: true });
  }

  private seen({ key }: Candidate, health: ProviderKey["health"]): void {
    if (key) this.parts.vault.seen(key.id, health);
  }
}

function isWorthAgain({ kind }: Failure): boolean {
  return kind === "broken" || kind === "limited";
}

const free: Admission = { settle: () => {}, cancel: () => {} };
