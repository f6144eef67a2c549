/** What can go wrong at the gateway, each with the HTTP status that every client's protocol knows. */
const statusOf = {
  invalid_request: 400,
  unauthorized: 401,
  budget_spent: 402,
  forbidden: 403,
  model_not_found: 404,
  not_found: 404,
  method_not_allowed: 405,
  too_large: 413,
  rate_limited: 429,
  unexpected: 500,
  upstream_failed: 502,
  no_key: 503,
  unavailable: 503,
  upstream_timeout: 504,
} as const;
export type GatewayErrorKind = keyof typeof statusOf;

interface GatewayErrorOptions {
  /** When it is worth trying again, in milliseconds from now. */
  retryAfterMs?: number | null;
  /** How often the request was sent to a provider. */
  attempts?: number;
  cause?: unknown;
}

/** Refuses a request of a client; the door says it in the client's own protocol. */
export class GatewayError extends Error {
  override readonly name = "GatewayError";
  readonly retryAfterMs: number | null;
  readonly attempts: number;

  constructor(
    readonly kind: GatewayErrorKind,
    message: string,
    { retryAfterMs = null, attempts = 0, cause }: GatewayErrorOptions = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.retryAfterMs = retryAfterMs;
    this.attempts = attempts;
  }

  get status(): number {
    return statusOf[this.kind];
  }

  /** Whether the same request can succeed later without anybody doing anything. */
  get isPassing(): boolean {
    return this.kind !== "no_key" && (this.status === 429 || this.status >= 500);
  }
}
