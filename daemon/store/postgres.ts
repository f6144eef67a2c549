import { drizzle } from "drizzle-orm/postgres-js";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";
import { NexoraError } from "../../src/contract/errors.ts";
import { sqlState } from "./database.ts";
import { migrateWith } from "./migrate.ts";
import * as schema from "./schema.ts";
import { ping, type Server, type Store } from "./store.ts";

const connectSeconds = 5;
const connections = 4;
/** Any number, the same in every Nexora: daemons that start together migrate one after another. */
const migrationLock = 7_380_110;

/**
 * Connects to a PostgreSQL server and brings its schema up to date. Throws `config_invalid` for
 * an address that is none, `store_failed` naming host and port (never the password).
 */
export async function openPostgres(server: Server, migrations: string): Promise<Store> {
  const { url, source } = server;
  const address = describeServer(server);
  const options = {
    connect_timeout: connectSeconds,
    onnotice: () => {},
    connection: { application_name: "nexora" },
  };
  const migrator = postgres(url, { ...options, max: 1 });
  try {
    await migrator`select pg_advisory_lock(${migrationLock})`;
    await migrateWith(drizzle(migrator, { schema }), migrate, migrations);
  } catch (error) {
    throw error instanceof NexoraError ? error : failure(address, source, error);
  } finally {
    // Ending the connection frees the lock.
    await migrator.end({ timeout: connectSeconds });
  }
  const client = postgres(url, { ...options, max: connections });
  const db = drizzle(client, { schema });
  return {
    kind: "postgres",
    source,
    address,
    db,
    ping: (signal) => ping(db, signal),
    close: () => client.end({ timeout: connectSeconds }),
  };
}

/** `HOST:PORT/DATABASE` of a server, without user and password. Throws `config_invalid`. */
export function describeServer({ url: text, source }: Server): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !["postgres:", "postgresql:"].includes(url.protocol)) {
    throw new NexoraError("config_invalid", `${source} is not the address of a database`, {
      hint: `write it as postgres://USER:PASSWORD@HOST:PORT/DATABASE; ${unused(source)}`,
    });
  }
  return `${url.hostname || "localhost"}:${url.port || "5432"}${url.pathname.replace(/\/$/, "")}`;
}

function failure(address: string, source: Server["source"], error: unknown): NexoraError {
  const code = sqlState(error) ?? "";
  const [what, hint] = reasons[code] ?? [
    code in network ? `cannot be reached (${network[code]})` : "failed",
    "start it, or correct its address",
  ];
  return new NexoraError("store_failed", `the PostgreSQL server at ${address} ${what}`, {
    hint: `${hint}; ${unused(source)}`,
    details: { source },
    cause: error,
  });
}

/** How to do without a server: the variable may be there for another application. */
function unused(source: Server["source"]): string {
  return source === "DATABASE_URL"
    ? "the address comes from DATABASE_URL: if that is another application's, set NEXORA_DATABASE_URL= (empty) for the embedded database"
    : "the address comes from NEXORA_DATABASE_URL";
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
  "28P01": ["refuses the password", "correct its user and password"],
  "28000": ["refuses the user", "correct the user, or allow it in pg_hba.conf"],
  "3D000": [
    "has no such database",
    "make it with createdb, or correct the last part of its address",
  ],
  "42501": ["does not let the user make a schema", "grant the user CREATE on the database"],
  "53300": ["has no connection left", "raise its max_connections, or close other clients"],
};
