import { DrizzleQueryError } from "drizzle-orm/errors";
import { NexoraError } from "../../src/contract/errors.ts";
import { codeOf } from "../../src/thrown.ts";

/**
 * Codes of a database that cannot be reached, ends, or has no room (PostgreSQL, appendix A: classes
 * 08, 53, 57P; the driver's and the system's): nothing that our query is to blame for.
 */
const unavailable = /^(08|53|57P|CONNECT|E[A-Z]+$)/;

/** Codes of values that a table does not take, now or later (classes 22 and 23). */
const refused = /^2[23]/;

/** Whether the database is well, and refuses what was to be written. */
export function isRefusal(thrown: unknown): boolean {
  return thrown instanceof DrizzleQueryError && refused.test(codeOf(thrown.cause));
}

/** A failed query as an error without its text and values; anything else as it is. */
export function storeFailure(thrown: unknown): unknown {
  if (!(thrown instanceof DrizzleQueryError)) return thrown;
  const { cause } = thrown;
  const code = codeOf(cause);
  const message = `the database failed: ${cause?.message ?? "no reason given"}`;
  return new NexoraError(unavailable.test(code) ? "store_failed" : "unexpected", message, {
    hint: "see `nexora doctor` and `nexora daemon logs`",
    cause: thrown,
  });
}
