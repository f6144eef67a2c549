import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import type { Database } from "../../daemon/store/database.ts";
import { instanceOf } from "../../daemon/store/open.ts";
import { audit, events, portAllocations } from "../../daemon/store/schema.ts";
import { SessionRepository } from "../../daemon/store/sessions.ts";
import type { Store } from "../../daemon/store/store.ts";
import { SecretBox } from "../../daemon/vault/secretbox.ts";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";
import { type RawDatabase, rawDatabase } from "../support/raw-database.ts";
import { sessionRow, storeKinds } from "../support/stores.ts";

/** The migrations of Nexora 0.1, as they were. */
const old = join(import.meta.dir, "../fixtures/drizzle-0.1.0");
const ourTables =
  "audit, browser_profiles, events, gateway_usage, meta, port_allocations, providers_auth, sessions, tokens, vnc_sessions";

const secretBox = new SecretBox(randomBytes(32));

describe.each(storeKinds)("on %s", (kind) => {
  let server: PostgresServer | null = null;
  beforeAll(async () => {
    if (kind === "postgres") server = await startPostgres();
  });
  afterAll(() => server?.stop());

  async function on(body: (database: RawDatabase) => Promise<void>): Promise<void> {
    const database = await rawDatabase(server);
    await body(database).finally(() => database.remove());
  }
  async function opened(database: RawDatabase, body: (store: Store) => Promise<void>) {
    const store = await database.open();
    await body(store).finally(() => store.close());
  }

  test("what Nexora 0.1 wrote moves into our schema, and nothing is lost", () =>
    on(async (database) => {
      await database.raw(async ({ db, migrate }) => {
        await migrate(old);
        await writeAsOld(db);
      });
      await opened(database, async ({ db }) => {
        const rows = new SessionRepository({ db, instance: "mine", secretBox });
        const { startedAt, ...row } = (await rows.byRef("web")) ?? { startedAt: null };
        expect(row).toMatchObject({ id: "s_web", state: "stopped", node: "local", engine: null });
        expect(row).toMatchObject({ notices: ["kept"], memoryBytes: 4 * 1024 ** 3 });
        expect(startedAt).toEqual(new Date("2026-01-02T03:04:05.678Z"));
        expect(await rows.secrets("s_web")).toEqual({ vncPassword: "pass", runnerToken: "tok" });
        const [port] = await db.select().from(portAllocations);
        expect(port).toMatchObject({ port: 5901, sessionId: "s_web" });
        expect(await db.select().from(audit)).toMatchObject([
          { principalKind: "local", principalName: "ada", code: null, sessionId: null },
          { principalKind: "token", principalName: "a:b", code: "http_404" },
        ]);
        const event = { instance: "mine", type: "created", message: "after" } as const;
        expect(await db.insert(events).values(event).returning()).toMatchObject([{ id: 2 }]);
        expect(await instanceOf(db, "home")).toBe(
          new Bun.CryptoHasher("sha256").update("home:0123456789abcdef").digest("hex").slice(0, 16),
        );
        expect(await tablesIn(db, "nexora")).toBe(ourTables);
        expect(await tablesIn(db, "public")).toBe("");
        // The embedded database keeps a record there that older versions refuse.
        expect(await schemaExists(db, "drizzle")).toBe(kind === "pglite");
      });
      await opened(database, async ({ db }) => {
        expect(await tablesIn(db, "public")).toBe("");
        expect(await db.select().from(audit)).toHaveLength(2);
      });
    }));

  test("so does what the first migration alone has made", () =>
    on(async (database) => {
      const folder = await mkdtemp(join(tmpdir(), "nexora-first-"));
      await cp(old, folder, { recursive: true });
      const journal = Bun.file(join(folder, "meta/_journal.json"));
      const { entries, ...rest } = (await journal.json()) as { entries: object[] };
      await journal.write(JSON.stringify({ ...rest, entries: entries.slice(0, 1) }));
      await database.raw(async ({ db, migrate }) => {
        await migrate(folder);
        await db.execute(sql`insert into public.meta values ('store.id', '0123456789abcdef')`);
      });
      await rm(folder, { recursive: true });
      await opened(database, async ({ db }) => {
        expect(await tablesIn(db, "nexora")).toBe(ourTables);
        expect(await tablesIn(db, "public")).toBe("");
        expect(await instanceOf(db, "home")).toMatch(/^[0-9a-f]{16}$/);
      });
    }));

  test("a stranger's tables of the same names stay as they are, in nobody's way", () =>
    on(async (database) => {
      await database.raw(async ({ db }) => stranger(db));
      await opened(database, async ({ db }) => {
        const rows = new SessionRepository({ db, instance: "mine", secretBox });
        await rows.insert(sessionRow("web"));
        expect((await rows.byRef("web"))?.id).toBe("s_web");
        expect(await tablesIn(db, "nexora")).toBe(ourTables);
        await expectStranger(db);
      });
    }));

  test("a stranger's migrations stay recorded when ours move out from between them", () =>
    on(async (database) => {
      await database.raw(async ({ db, migrate }) => {
        await migrate(old);
        await writeAsOld(db);
        await db.execute(
          sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('theirs', 7)`,
        );
        await db.execute(sql`create table public.orders (id integer)`);
      });
      await opened(database, async ({ db }) => {
        expect(await tablesIn(db, "public")).toBe("orders");
        const left = await db
          .select({ hash: sql<string>`hash` })
          .from(sql`drizzle.__drizzle_migrations`)
          .orderBy(sql`created_at`)
          .limit(1);
        expect(left).toEqual([{ hash: "theirs" }]);
        expect(await db.select().from(audit)).toHaveLength(2);
      });
    }));

  test("a stranger's tables are not taken for ours when our record is still there", () =>
    on(async (database) => {
      await database.raw(async ({ db, migrate }) => {
        await migrate(old);
        await db.execute(sql`drop schema public cascade`);
        await db.execute(sql`create schema public`);
        await db.execute(sql`create table public.sessions (sid text, sess jsonb)`);
      });
      await opened(database, async ({ db }) => {
        expect(await tablesIn(db, "public")).toBe("sessions");
        expect(await tablesIn(db, "nexora")).toBe(ourTables);
      });
    }));

  test("when some of ours are missing nothing is moved, and the error names them", () =>
    on(async (database) => {
      await database.raw(async ({ db, migrate }) => {
        await migrate(old);
        await db.execute(sql`drop table public.vnc_sessions`);
      });
      await expect(database.open()).rejects.toMatchObject({
        code: "store_failed",
        message: expect.stringContaining("vnc_sessions"),
      });
      await database.raw(async ({ db }) => {
        expect(await tablesIn(db, "public")).toContain("sessions");
        expect(await tablesIn(db, "nexora")).toBe("");
      });
    }));

  test("a move that fails midway leaves all where it was", () =>
    on(async (database) => {
      await database.raw(async ({ db, migrate }) => {
        await migrate(old);
        await writeAsOld(db);
        await db.execute(sql`create schema nexora`);
        await db.execute(sql`create table nexora.vnc_sessions (id integer)`);
      });
      await expect(database.open()).rejects.toMatchObject({ code: "store_failed" });
      await database.raw(async ({ db }) => {
        expect(await tablesIn(db, "nexora")).toBe("vnc_sessions");
        expect(await tablesIn(db, "public")).toContain("audit, events, meta");
        await db.execute(sql`drop schema nexora cascade`);
      });
      await opened(database, async ({ db }) => {
        expect(await db.select().from(audit)).toHaveLength(2);
      });
    }));
});

test("Nexora 0.1 finds in the embedded database a schema newer than its own", async () => {
  const database = await rawDatabase(null);
  await (await database.open()).close();
  await database.raw(async ({ db, migrate }) => {
    await migrate(old);
    expect(await tablesIn(db, "public")).toBe("");
    const newer = await db
      .select({ hash: sql<string>`hash` })
      .from(sql`drizzle.__drizzle_migrations`)
      .where(sql`created_at > 1795184874374`);
    expect(newer).toHaveLength(1);
  });
  await database.remove();
});

/** One row or more in each of the old tables. */
async function writeAsOld(db: Database): Promise<void> {
  await db.execute(sql`insert into public.meta values ('store.id', '0123456789abcdef')`);
  await db.execute(sql`
    insert into public.sessions (id, instance, name, state, image, width, height, profile, network,
      cpus, memory_bytes, pids, uid, gid, notices, started_at)
    values ('s_web', 'mine', 'web', 'stopped', 'nexora-workstation:base', 1920, 1080, 'hardened',
      'full', 2, 4294967296, 1024, 1000, 1000, '["kept"]', '2026-01-02T03:04:05.678Z')`);
  await db.execute(sql`
    insert into public.port_allocations values ('mine', 5901, 'vnc', 's_web', now())`);
  await db.execute(sql`
    insert into public.vnc_sessions values ('s_web',
      ${secretBox.seal("pass", "session:s_web:vnc")}, ${secretBox.seal("tok", "session:s_web:runner")})`);
  await db.execute(sql`
    insert into public.events (instance, type, message) values ('mine', 'created', 'before')`);
  await db.execute(sql`
    insert into public.audit (instance, actor, operation, session, status)
    values ('mine', 'local:ada', 'session.new', null, 200), ('mine', 'token:a:b', 'type', 'x', 404)`);
}

/** An application with tables of our names, and a sequence of migrations in drizzle's place. */
async function stranger(db: Database): Promise<void> {
  await db.execute(sql`create table public.sessions (sid text primary key, sess jsonb)`);
  await db.execute(sql`insert into public.sessions values ('abc', '{"user": 1}')`);
  await db.execute(sql`create table public.events (id serial primary key, payload text)`);
  await db.execute(sql`insert into public.events (payload) values ('theirs')`);
  await db.execute(sql`create table public.meta (key text primary key, value text not null)`);
  await db.execute(sql`insert into public.meta values ('store.id', 'theirs')`);
  await db.execute(sql`create schema drizzle`);
  await db.execute(sql`
    create table drizzle.__drizzle_migrations (
      id serial primary key, hash text not null, created_at bigint)`);
  await db.execute(sql`
    insert into drizzle.__drizzle_migrations (hash, created_at) values ('theirs', 42)`);
}

async function expectStranger(db: Database): Promise<void> {
  const all = (table: string, column: string) =>
    db.select({ value: sql`${sql.raw(column)}` }).from(sql.raw(table));
  expect(await tablesIn(db, "public")).toBe("events, meta, sessions");
  expect(await all("public.sessions", "sid")).toEqual([{ value: "abc" }]);
  expect(await all("public.events", "payload")).toEqual([{ value: "theirs" }]);
  expect(await all("public.meta", "value")).toEqual([{ value: "theirs" }]);
  expect(await all("drizzle.__drizzle_migrations", "hash")).toContainEqual({ value: "theirs" });
}

/** Names of a schema's tables, sorted, without drizzle's own. */
async function tablesIn(db: Database, schema: string): Promise<string> {
  const rows = await db
    .select({ name: sql<string>`table_name` })
    .from(sql`information_schema.tables`)
    .where(sql`table_schema = ${schema} and table_name <> '__drizzle_migrations'`)
    .orderBy(sql`table_name`);
  return rows.map(({ name }) => name).join(", ");
}

async function schemaExists(db: Database, schema: string): Promise<boolean> {
  const rows = await db
    .select({ name: sql`nspname` })
    .from(sql`pg_namespace`)
    .where(sql`nspname = ${schema}`);
  return rows.length > 0;
}
