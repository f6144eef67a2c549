import { drizzle } from "drizzle-orm/postgres-js";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";
import { NexoraError } from "../../src/contract/errors.ts";
import { sqlState } from "./database.ts";
import { migrateWith } from "./migrate.ts";
import * as schema from "./schema.ts";
import { ping, type Store } from "./store.ts";

const connectSeconds = 5;
const connections = 4;
/** Any number, the same in every Nexora: daemons that start together migrate one after another. */
const migrationLock = 7_380_110;

/**
 * Connects to a PostgreSQL server and brings its schema up to date. Throws `config_invalid` for
 * an address that is none, `store_failed` naming host and port (never the password).
 */
export async function openPostgres(databaseUrl: string, migrations: string): Promise<Store> {
  const address = describeUrl(databaseUrl);
  const options = {
    connect_timeout: connectSeconds,
    onnotice: () => {},
    connection: { application_name: "nexora" },
  };
  const migrator = postgres(databaseUrl, { ...options, max: 1 });
  try {
    await migrator`select pg_advisory_lock(${migrationLock})`;
    await migrateWith(drizzle(migrator, { schema }), migrate, migrations);
  } catch (error) {
    throw error instanceof NexoraError ? error : failure(address, error);
  } finally {
    // Ending the connection frees the lock.
    await migrator.end({ timeout: connectSeconds });
  }
  const client = postgres(databaseUrl, { ...options, max: connections });
  const db = drizzle(client, { schema });
  return {
    kind: "postgres",
    db,
    ping: (signal) => ping(db, signal),
    close: () => client.end({ timeout: connectSeconds }),
  };
}

/** Host and port of a `postgres://` address, without user and password. */
export function describeUrl(databaseUrl: string): string {
  const url = URL.canParse(databaseUrl) ? new URL(databaseUrl) : null;
  if (!url || !["postgres:", "postgresql:"].includes(url.protocol)) {
    throw new NexoraError("config_invalid", "DATABASE_URL is not the address of a database", {
      hint: "write it as postgres://USER:PASSWORD@HOST:PORT/DATABASE, or unset it",
    });
  }
  return `${url.hostname || "localhost"}:${url.port || "5432"}`;
}

function failure(address: string, error: unknown): NexoraError {
  const code = sqlState(error) ?? "";
  const [what, hint] = reasons[code] ?? [
    code in network ? `cannot be reached (${network[code]})` : "failed",
    "start it, or correct DATABASE_URL; without DATABASE_URL an embedded database is used",
  ];
  return new NexoraError("store_failed", `the PostgreSQL server at ${address} ${what}`, {
    hint,
    cause: error,
  });
}

const network: Record<string, string> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "its name is unknown",
  EAI_AGAIN: "its name cannot be looked up",
  CONNECT_TIMEOUT: `no answer within ${connectSeconds} s`,
  CONNECTION_CLOSED: "it closed the connection",
  CONNECTION_ENDED: "it closed the connection",
  ECONNRESET: "it closed the connection",
  EHOSTUNREACH: "no route to it",
};

/** SQLSTATEs, https://www.postgresql.org/docs/current/errcodes-appendix.html */
const reasons: Record<string, readonly [what: string, hint: string]> = {
  "28P01": ["refuses the password", "correct user and password in DATABASE_URL"],
  "28000": ["refuses the user", "correct the user in DATABASE_URL, or allow it in pg_hba.conf"],
  "3D000": [
    "has no such database",
    "make it with createdb, or correct the last part of DATABASE_URL",
  ],
  "42501": [
    "does not let the user make tables",
    "grant CREATE on the database to the user of DATABASE_URL",
  ],
  "53300": ["has no connection left", "raise its max_connections, or end other clients"],
};
