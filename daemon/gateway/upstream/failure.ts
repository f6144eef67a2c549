/** Why an attempt came to nothing, by what is to be done about it. */
export type FailureKind =
  /** The key is not taken, or has no credit: another key may be. */
  | "refused"
  /** Too much for now: later, or elsewhere. */
  | "limited"
  /** The provider, or the way to it, does not work. */
  | "broken"
  /** It took too long: as broken. */
  | "slow"
  /** This provider cannot be asked for it, in its format: nothing is wrong with it. */
  | "unfit";

export class Failure {
  constructor(
    readonly kind: FailureKind,
    /** What happened, for people; never with a key. */
    readonly message: string,
    readonly options: { status?: number; retryAfterMs?: number | null } = {},
  ) {}
}

/** What a status other than 2xx means; null: it is the caller's own affair, who gets it as it is. */
export function failureOf(status: number, headers: Headers, said: string): Failure | null {
  const detail = said === "" ? `HTTP ${status}` : `HTTP ${status}: ${said}`;
  if (status === 401 || status === 402 || status === 403) {
    return new Failure("refused", detail, { status });
  }
  if (status === 429) {
    return new Failure("limited", detail, { status, retryAfterMs: retryAfterOf(headers) });
  }
  if (status === 408) return new Failure("slow", detail, { status });
  if (status >= 500) {
    return new Failure("broken", detail, { status, retryAfterMs: retryAfterOf(headers) });
  }
  if (status >= 400) return null;
  const where = status >= 300 ? `HTTP ${status}, a redirect, which is not followed` : detail;
  return new Failure("broken", where, { status });
}

/**
 * `Retry-After` (RFC 9110, 10.2.3: seconds or a date), or the finer `retry-after-ms` that OpenAI and
 * Azure send, in milliseconds; null without either.
 */
export function retryAfterOf(headers: Headers, now = Date.now()): number | null {
  const fine = headers.get("retry-after-ms");
  if (fine !== null && /^\d+(\.\d+)?$/.test(fine)) return Math.ceil(Number(fine));
  const given = headers.get("retry-after");
  if (given === null) return null;
  if (/^\d+(\.\d+)?$/.test(given)) return Math.ceil(Number(given) * 1000);
  const date = /^[A-Z]/i.test(given) ? Date.parse(given) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
