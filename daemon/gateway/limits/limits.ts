import { GatewayError } from "../error.ts";
import type { Caller } from "./caller.ts";
import { Window } from "./window.ts";

/** Leave for one request. Only the first of its ends counts. */
export interface Admission {
  /** What it really used, in tokens; null: nobody knows, and what was reserved stands. */
  settle(tokens: number | null): void;
  /** It was not sent at all. */
  cancel(): void;
}

/** Limits per minute of a caller or of a provider's key; null: none. */
interface Rates {
  rpm: number | null;
  tpm: number | null;
}

/** Why there is no leave, and for how long. */
interface Refusal {
  /** Which limit it is, in words. */
  limit: string;
  /** Milliseconds until it would fit; null: never, as it is larger than the limit itself. */
  retryAfterMs: number | null;
}

interface Spending {
  /** USD that a caller has spent on this day and in this month (UTC). */
  spent(callerId: string): { day: number; month: number };
}

interface Meter {
  requests: Window;
  tokens: Window;
}

/**
 * Keeps callers and provider keys below their limits: what a request may use is reserved before it is
 * sent, and corrected when it is known. Limits per minute are held in memory, and begin anew with the
 * daemon; budgets do not.
 */
export class Limits {
  private readonly meters = new Map<string, Meter>();
  private underWay = 0;

  constructor(
    private readonly spending: Spending,
    /** Milliseconds, never going back. */
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Requests of callers that were admitted and have not ended. */
  get open(): number {
    return this.underWay;
  }

  /** Throws `budget_spent`, `rate_limited`, and `too_large` for a request above the limit itself. */
  admit(caller: Caller, estimateTokens: number): Admission {
    this.checkBudget(caller);
    const got = this.reserve(`caller ${caller.id}`, caller.limits, estimateTokens);
    if ("limit" in got) throw refused(caller, got, estimateTokens);
    this.underWay++;
    return once({
      settle: (tokens) => got.settle(tokens),
      cancel: () => got.cancel(),
      ended: () => {
        this.underWay--;
      },
    });
  }

  /** `retryAfterMs`: when the key may be used again; null: this request is too large for it. */
  admitKey(
    key: Rates & { id: string },
    estimateTokens: number,
  ): Admission | { retryAfterMs: number | null } {
    return this.reserve(`key ${key.id}`, key, estimateTokens);
  }

  private checkBudget({ id, kind, name, limits: { budgetUsd } }: Caller): void {
    if (budgetUsd.day === null && budgetUsd.month === null) return;
    const spent = this.spending.spent(id);
    for (const period of ["month", "day"] as const) {
      const budget = budgetUsd[period];
      if (budget === null || spent[period] < budget) continue;
      const begins = nextBegin(period, new Date());
      throw new GatewayError(
        "budget_spent",
        `${kind} ${name} has spent its budget of ${budget} USD for this ${period}; the next begins at ${begins.toISOString()}`,
      );
    }
  }

  private reserve(id: string, { rpm, tpm }: Rates, tokens: number): Admission | Refusal {
    if (rpm === null && tpm === null) return unlimited;
    const meter = this.meters.get(id) ?? { requests: new Window(), tokens: new Window() };
    this.meters.set(id, meter);
    const now = this.now();
    const checks: [string, number | null][] = [
      [`${rpm} requests per minute`, rpm === null ? 0 : meter.requests.wait(1, rpm, now)],
      [`${tpm} tokens per minute`, tpm === null ? 0 : meter.tokens.wait(tokens, tpm, now)],
    ];
    const [worst] = checks.toSorted(([, a], [, b]) => (b ?? Infinity) - (a ?? Infinity));
    if (worst && worst[1] !== 0) return { limit: worst[0], retryAfterMs: worst[1] };
    const request = meter.requests.take(1, now);
    const reserved = meter.tokens.take(tokens, now);
    return once({
      settle: (used) => {
        if (used !== null) meter.tokens.correct(reserved, used - tokens, this.now());
      },
      cancel: () => {
        meter.requests.correct(request, -1, this.now());
        meter.tokens.correct(reserved, -tokens, this.now());
      },
    });
  }
}

const unlimited: Admission = { settle: () => {}, cancel: () => {} };

function once({ settle, cancel, ended }: Admission & { ended?: () => void }): Admission {
  let open = true;
  const end = (how: () => void) => {
    if (!open) return;
    open = false;
    how();
    ended?.();
  };
  return { settle: (tokens) => end(() => settle(tokens)), cancel: () => end(cancel) };
}

function refused(
  { kind, name }: Caller,
  { limit, retryAfterMs }: Refusal,
  tokens: number,
): GatewayError {
  if (retryAfterMs === null) {
    return new GatewayError(
      "too_large",
      `the request may use ${tokens} tokens, and ${kind} ${name} has a limit of ${limit}: send less, or lower its most tokens of output`,
    );
  }
  const seconds = Math.ceil(retryAfterMs / 1000);
  return new GatewayError(
    "rate_limited",
    `${kind} ${name} is at its limit of ${limit}; try again in ${seconds} s`,
    { retryAfterMs },
  );
}

function nextBegin(period: "day" | "month", now: Date): Date {
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  return new Date(period === "day" ? Date.UTC(year, month, day + 1) : Date.UTC(year, month + 1, 1));
}
