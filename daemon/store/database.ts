import type { PgDatabase, PgQueryResultHKT } from "drizzle-orm/pg-core";
import type * as schema from "./schema.ts";

/** What PGlite's and the PostgreSQL driver's databases have in common. */
export type Database = PgDatabase<PgQueryResultHKT, typeof schema>;

/** The SQLSTATE of a failed query, wherever the driver has put it; null when it has none. */
export function sqlState(error: unknown): string | null {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ("code" in at && typeof at.code === "string") return at.code;
  }
  return null;
}

/** SQLSTATE 23505. */
export const uniqueViolation = "23505";
