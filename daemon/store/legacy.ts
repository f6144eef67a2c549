import { sql } from "drizzle-orm";
import { NexoraError } from "../../src/contract/errors.ts";
import type { Database } from "./database.ts";

/** A migration that Nexora 0.1 applied to the schema `public`, and the tables that it made. */
interface Applied {
  /** SHA-256 of the file, as drizzle records it in `drizzle.__drizzle_migrations`. */
  hash: string;
  /** Columns by which each of its tables is known. */
  tables: Record<string, readonly string[]>;
}

const migrations: readonly Applied[] = [
  {
    hash: "8f0d3c659fab894709a45b05526994fd16098994246eac3306fcc9fbd51cdc7c",
    tables: {
      meta: ["key", "value"],
      port_allocations: ["instance", "port", "pool", "session_id", "allocated_at"],
      providers_auth: ["id", "provider", "label", "sealed"],
      sessions: ["id", "instance", "handle", "memory_bytes", "ready_ms", "notices"],
      vnc_sessions: ["session_id", "password_sealed", "token_sealed"],
    },
  },
  {
    hash: "2c14be848fcb7e9c4f927e5862ef85ef1ff1a0816ed7cd9629ca6a69b6395f92",
    tables: {
      audit: ["instance", "actor", "operation", "session", "status"],
      events: ["instance", "session_id", "session_name", "message", "details"],
    },
  },
];

/** Later than any migration, in milliseconds since the epoch. */
const farFuture = 99_999_999_999_999;

/**
 * Moves the tables of Nexora 0.1 from `public` into the schema `nexora`, with the record of their
 * migrations, all or nothing. Ours are known by that record and by their columns: tables of others
 * stay as they are, whatever their names. Throws `store_failed` when only some of them are there.
 */
export async function adoptPublic(db: Database): Promise<void> {
  const tables = sql`information_schema.tables`;
  const records = await db
    .select({ schema: sql<string>`table_schema` })
    .from(tables)
    .where(sql`table_name = '__drizzle_migrations' and table_schema in ('nexora', 'drizzle')`);
  const schemas = records.map(({ schema }) => schema);
  if (schemas.includes("drizzle") && !schemas.includes("nexora")) await db.transaction(move);
}

async function move(db: Database): Promise<void> {
  const hashes = sql.join(
    migrations.map(({ hash }) => sql`${hash}`),
    sql`, `,
  );
  const record = sql`drizzle.__drizzle_migrations`;
  const recorded = await db
    .select({ hash: sql<string>`hash` })
    .from(record)
    .where(sql`hash in (${hashes})`);
  const applied = migrations.filter(({ hash }) => recorded.some((row) => row.hash === hash));
  const wanted = Object.entries(
    Object.assign({}, ...applied.map((it) => it.tables)) as Applied["tables"],
  );
  const columns = await db
    .select({ table: sql<string>`table_name`, name: sql<string>`column_name` })
    .from(sql`information_schema.columns`)
    .where(sql`table_schema = 'public'`);
  const has = (table: string, name: string) =>
    columns.some((column) => column.table === table && column.name === name);
  const ours = wanted.filter(([table, names]) => names.every((name) => has(table, name)));
  if (ours.length === 0) return;
  if (ours.length < wanted.length) {
    const missing = wanted.filter((table) => !ours.includes(table)).map(([table]) => table);
    throw new NexoraError(
      "store_failed",
      `of the tables of Nexora 0.1 in the schema public, ${missing.join(", ")} cannot be found`,
      { hint: "restore the database from a backup, or set NEXORA_DATABASE_URL to another one" },
    );
  }
  await db.execute(sql`create schema if not exists nexora`);
  for (const [table] of ours) {
    await db.execute(sql`alter table public.${sql.identifier(table)} set schema nexora`);
  }
  // As drizzle makes it.
  await db.execute(sql`
    create table nexora.__drizzle_migrations (
      id serial primary key, hash text not null, created_at bigint
    )`);
  await db.execute(sql`
    with taken as (delete from ${record} where hash in (${hashes}) returning hash, created_at)
    insert into nexora.__drizzle_migrations (hash, created_at)
    select hash, created_at from taken order by created_at`);
  await dropIfEmpty(db);
}

/**
 * Leaves a record by which Nexora 0.1 refuses the embedded database, instead of making empty
 * tables in it. A server may be shared with applications whose migrations that would stop.
 */
export async function refuseOlder(db: Database): Promise<void> {
  await db.execute(sql`create schema if not exists drizzle`);
  await db.execute(sql`
    create table if not exists drizzle.__drizzle_migrations (
      id serial primary key, hash text not null, created_at bigint
    )`);
  await db.execute(sql`
    insert into drizzle.__drizzle_migrations (hash, created_at)
    select 'see the schema nexora', ${farFuture}::bigint
    where not exists (select from drizzle.__drizzle_migrations where created_at >= ${farFuture})`);
}

/** Takes drizzle's own schema away, unless another application uses it. */
async function dropIfEmpty(db: Database): Promise<void> {
  const left = await db
    .select({ rows: sql<number>`count(*)::int` })
    .from(sql`drizzle.__drizzle_migrations`);
  if (left[0]?.rows !== 0) return;
  await db.execute(sql`drop table drizzle.__drizzle_migrations`);
  const others = await db
    .select({ name: sql<string>`relname` })
    .from(sql`pg_class`)
    .where(sql`relnamespace = 'drizzle'::regnamespace`)
    .limit(1);
  if (others.length === 0) await db.execute(sql`drop schema drizzle`);
}
