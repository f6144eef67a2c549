import type { ErrorCode } from "./errors.ts";
import type { Operation } from "./operation.ts";

/** What every operation may fail with: a bad request, a caller who may not (any more) or who goes, the store. */
const always = ["usage", "unauthorized", "forbidden", "interrupted", "store_failed"] as const;
const withSession = ["session_not_found", "no_session", "ambiguous_session"] as const;
/** Whoever speaks to a running session's parts may find them gone. */
const whileRunning = ["session_stopped", "engine_unreachable", "engine_failed", "timeout"] as const;

/** All the codes that an operation's handler may throw: its own, and those that follow. */
export function failuresOf(operation: Operation): ReadonlySet<ErrorCode> {
  return new Set([
    ...always,
    ...(operation.session ? withSession : []),
    ...(operation.session === "running" ? whileRunning : []),
    ...operation.errors,
  ]);
}
