import { plainText } from "../plain-text.ts";

/**
 * Every error that Nexora can report: its code, HTTP status and exit code, in one place.
 * Zod-free, because the CLI's hot path loads it.
 */
export const errorTable = {
  unexpected: { status: 500, exit: 1 },
  usage: { status: 400, exit: 2 },
  method_not_allowed: { status: 405, exit: 2 },
  too_large: { status: 413, exit: 2 },
  headers_too_large: { status: 431, exit: 2 },
  unauthorized: { status: 401, exit: 3 },
  forbidden: { status: 403, exit: 3 },
  not_found: { status: 404, exit: 4 },
  session_not_found: { status: 404, exit: 4 },
  no_session: { status: 404, exit: 4 },
  workspace_not_found: { status: 404, exit: 4 },
  image_missing: { status: 404, exit: 4 },
  conflict: { status: 409, exit: 5 },
  ambiguous_session: { status: 409, exit: 5 },
  name_taken: { status: 409, exit: 5 },
  session_stopped: { status: 409, exit: 5 },
  session_running: { status: 409, exit: 5 },
  ports_exhausted: { status: 409, exit: 5 },
  dialog_open: { status: 409, exit: 5 },
  daemon_running: { status: 409, exit: 5 },
  version_mismatch: { status: 409, exit: 5 },
  config_invalid: { status: 500, exit: 2 },
  daemon_unreachable: { status: 503, exit: 10 },
  engine_unreachable: { status: 503, exit: 20 },
  engine_failed: { status: 502, exit: 20 },
  engine_too_old: { status: 502, exit: 20 },
  display_failed: { status: 502, exit: 20 },
  page_crashed: { status: 502, exit: 20 },
  store_failed: { status: 503, exit: 20 },
  disk_full: { status: 507, exit: 20 },
  stale_ref: { status: 409, exit: 5 },
  check_failed: { status: 422, exit: 1 },
  check_unknown: { status: 422, exit: 6 },
  target_not_ready: { status: 422, exit: 30 },
  action_failed: { status: 422, exit: 30 },
  navigation_failed: { status: 422, exit: 30 },
  timeout: { status: 504, exit: 124 },
  interrupted: { status: 499, exit: 130 },
} as const;

export type ErrorCode = keyof typeof errorTable;

/** The wire form of an error: what `--json` prints and what HTTP replies carry. */
export interface ErrorBody {
  code: ErrorCode;
  /** What failed and why, naming the thing. */
  message: string;
  /** The next step. */
  hint?: string;
  /** Facts for programs, for example the candidates of an ambiguous session. */
  details?: Record<string, unknown>;
}

export interface NexoraErrorOptions {
  hint?: string | undefined;
  details?: Record<string, unknown> | undefined;
  cause?: unknown;
}

/** The one error class that crosses a boundary (HTTP, CLI). */
export class NexoraError extends Error {
  override readonly name = "NexoraError";
  readonly hint: string | undefined;
  readonly details: Record<string, unknown> | undefined;

  constructor(
    readonly code: ErrorCode,
    message: string,
    options: NexoraErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.hint = options.hint;
    this.details = options.details;
  }

  /** HTTP status of this error. */
  get status(): number {
    return errorTable[this.code].status;
  }

  /** Exit code of a CLI process that ends with this error. */
  get exitCode(): number {
    return errorTable[this.code].exit;
  }

  toJSON(): ErrorBody {
    return {
      code: this.code,
      message: this.message,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      ...(this.details === undefined ? {} : { details: this.details }),
    };
  }

  /**
   * Rebuilds the error that a daemon or a runner has sent; unknown codes become `unexpected`, and
   * control characters go, which a terminal would obey.
   */
  static fromJSON(body: unknown): NexoraError {
    const it = (typeof body === "object" && body !== null ? body : {}) as Partial<ErrorBody>;
    const known = typeof it.code === "string" && Object.hasOwn(errorTable, it.code);
    return new NexoraError(
      known ? (it.code as ErrorCode) : "unexpected",
      typeof it.message === "string"
        ? plainText(it.message.slice(0, maxForeign))
        : "the reply is not an error that Nexora knows",
      {
        hint: typeof it.hint === "string" ? plainText(it.hint.slice(0, maxForeign)) : undefined,
        details: it.details,
      },
    );
  }
}

/** Longest message of another program's, in characters. */
const maxForeign = 4000;

/** Turns anything thrown into a `NexoraError`, keeping the original as its cause. */
export function asNexoraError(thrown: unknown): NexoraError {
  if (thrown instanceof NexoraError) return thrown;
  if (thrown instanceof DOMException && thrown.name === "TimeoutError") {
    return new NexoraError("timeout", "the operation timed out", { cause: thrown });
  }
  if (thrown instanceof Error && thrown.name === "AbortError") {
    return new NexoraError("interrupted", "the operation was cancelled", { cause: thrown });
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new NexoraError("unexpected", message, { cause: thrown });
}
