/** What a caller may use up; null: without that limit. */
export interface CallerLimits {
  /** Requests per minute. */
  rpm: number | null;
  /** Tokens per minute. */
  tpm: number | null;
  /** USD per day and calendar month (UTC). */
  budgetUsd: { day: number | null; month: number | null };
}

/** Who asks for a model: a named token, or the programs of a session. */
export interface Caller {
  /** Of the token or the session. */
  id: string;
  name: string;
  kind: "token" | "session";
  /** Id of the session that the usage is counted for. */
  session: string | null;
  limits: CallerLimits;
  /** Whether its costs must be known, because it has a budget. */
  budgeted: boolean;
  /** `asked`: the name that it asked for, which may be a route's. */
  may(provider: string, model: string, asked?: string): boolean;
}
