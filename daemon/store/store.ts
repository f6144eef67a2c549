import { sql } from "drizzle-orm";
import { within } from "../../src/abort.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import type { Database } from "./database.ts";

/** An open database with the current schema. */
export interface Store {
  readonly kind: "pglite" | "postgres";
  /** What chose it: a variable of the environment, or nothing. */
  readonly source: Server["source"] | "embedded";
  /** `HOST:PORT/DATABASE` of a server, without user and password. */
  readonly address: string | null;
  readonly db: Database;
  /** One round trip. Throws `store_failed`, or the signal's reason. */
  ping(signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** A PostgreSQL server, and the variable of the environment that names it. */
export interface Server {
  /** `postgres://…` */
  url: string;
  source: "NEXORA_DATABASE_URL" | "DATABASE_URL";
}

/** Files that the store needs, as paths; in the compiled binary they are embedded. */
export interface StoreAssets {
  /** Folder of generated migrations. */
  migrations: string;
  pglite: { wasm: string; initdb: string; data: string };
  /** A prepared data folder (tar, zstd); null: it is made at first start, which takes seconds. */
  template: string | null;
}

/** Asks the database for anything at all. */
export async function ping(db: Database, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  try {
    await within(db.execute(sql`select 1`), signal);
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw new NexoraError("store_failed", "the database does not answer", {
      hint: "see `nexora daemon logs`; if a PostgreSQL server is used, check that it runs",
      cause: error,
    });
  }
}
