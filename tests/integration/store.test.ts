import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { assets } from "../../daemon/assets.ts";
import { ProfileRecords } from "../../daemon/browser/profile-records.ts";
import { openStore } from "../../daemon/store/open.ts";
import { pgMajor } from "../../daemon/store/pglite.ts";
import { vncSessions } from "../../daemon/store/schema.ts";
import { countSealed } from "../../daemon/store/sealed.ts";
import { SessionRepository } from "../../daemon/store/sessions.ts";
import { SecretBox } from "../../daemon/vault/secretbox.ts";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";
import { onEachStore, sessionRow } from "../support/stores.ts";

const secretBox = new SecretBox(randomBytes(32));

onEachStore((its) => {
  const repository = (instance: string) =>
    new SessionRepository({ db: its.store.db, instance, secretBox });

  test("the store answers a ping, and not when the caller has given up", async () => {
    expect(its.store.kind).toBe(its.kind);
    await its.store.ping(AbortSignal.timeout(5000));
    await expect(its.store.ping(AbortSignal.abort(new Error("given up")))).rejects.toThrow(
      "given up",
    );
  });

  test("a session comes back as it was written, found by name and by id", async () => {
    const rows = repository("round-trip");
    const inserted = await rows.insert({
      ...sessionRow("web"),
      workspace: "/home/ada/projects",
      env: { LANG: "C.UTF-8", "QUOTED'": 'a "b"' },
      notices: ["runs as uid 1000"],
      ttlMs: 30 * 24 * 3600 * 1000,
    });
    expect(inserted.createdAt).toBeInstanceOf(Date);
    expect(inserted.gid).toBe(4_294_967_294);
    expect(inserted.env).toEqual({ LANG: "C.UTF-8", "QUOTED'": 'a "b"' });
    expect(inserted.ttlMs).toBe(2_592_000_000);
    expect(inserted.idleMs).toBeNull();
    expect(await rows.byRef("web")).toEqual(inserted);
    expect(await rows.byRef("s_web")).toEqual(inserted);
    expect(await rows.byRef("s_webb")).toBeNull();
  });

  test("a name is taken until its session is being removed", async () => {
    const rows = repository("names");
    await rows.insert(sessionRow("one", "s_names1"));
    const clash = rows.insert(sessionRow("one", "s_names2"));
    await expect(clash).rejects.toMatchObject({
      code: "name_taken",
      message: expect.stringContaining("one"),
    });
    await rows.update("s_names1", { state: "removing" });
    await rows.insert(sessionRow("one", "s_names2"));
    expect((await rows.byRef("one"))?.id).toBe("s_names2");
  });

  test("renaming onto a taken name is refused and changes nothing", async () => {
    const rows = repository("renames");
    await rows.insert(sessionRow("left"));
    await rows.insert(sessionRow("right"));
    await expect(rows.update("s_left", { name: "right" })).rejects.toMatchObject({
      code: "name_taken",
    });
    expect((await rows.byRef("s_left"))?.name).toBe("left");
  });

  test("of 20 concurrent inserts of one name exactly one succeeds", async () => {
    const rows = repository("race");
    const ids = Array.from({ length: 20 }, (_, at) => `s_race${at}`);
    const results = await Promise.allSettled(ids.map((id) => rows.insert(sessionRow("same", id))));
    expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
  });

  test("an update returns the new row, and names a session that there is not", async () => {
    const rows = repository("updates");
    await rows.insert(sessionRow("job"));
    const startedAt = new Date("2026-01-02T03:04:05.678Z");
    const updated = await rows.update("s_job", { state: "running", startedAt, readyMs: 812.5 });
    expect(updated).toMatchObject({ state: "running", startedAt, readyMs: 812.5 });
    await expect(rows.update("s_none", { state: "failed" })).rejects.toMatchObject({
      code: "session_not_found",
      message: expect.stringContaining("s_none"),
    });
  });

  test("the list is filtered by state, oldest first", async () => {
    const rows = repository("lists");
    for (const [at, name] of ["c", "a", "b"].entries()) {
      await rows.insert({ ...sessionRow(name), createdAt: new Date(1000 * at) });
    }
    await rows.update("s_a", { state: "running" });
    expect((await rows.list()).map((row) => row.name)).toEqual(["c", "a", "b"]);
    expect((await rows.list({ states: ["running"] })).map((row) => row.name)).toEqual(["a"]);
    expect(await rows.list({ states: [] })).toEqual([]);
  });

  test("daemons that share a database see only their own sessions", async () => {
    const [mine, theirs] = [repository("mine"), repository("theirs")];
    await mine.insert(sessionRow("shared", "s_mine"));
    await theirs.insert(sessionRow("shared", "s_theirs"));
    expect((await mine.byRef("shared"))?.id).toBe("s_mine");
    expect(await mine.byRef("s_theirs")).toBeNull();
    expect(await mine.remove("s_theirs")).toBe(false);
    await expect(mine.update("s_theirs", { state: "failed" })).rejects.toMatchObject({
      code: "session_not_found",
    });
    expect((await theirs.list()).map((row) => row.id)).toEqual(["s_theirs"]);
  });

  test("what is sealed is counted: sessions' secrets, and browser profiles, of this daemon", async () => {
    const rows = repository("counted");
    const { db } = its.store;
    expect(await countSealed(db, "counted")).toEqual({ sessions: 0, profiles: 0 });
    await rows.insert(sessionRow("one", "s_counted"));
    await rows.saveSecrets("s_counted", { vncPassword: "a", runnerToken: "b" });
    for (const instance of ["counted", "other"]) {
      const records = new ProfileRecords({ db, instance, key: randomBytes(32) });
      await records.put("shop", "one", "text");
      await records.put("bank", "one", "text");
    }
    expect(await countSealed(db, "counted")).toEqual({ sessions: 1, profiles: 2 });
  });

  test("secrets are kept encrypted, replaced, and gone with their session", async () => {
    const rows = repository("secrets");
    await rows.insert(sessionRow("vault"));
    expect(await rows.secrets("s_vault")).toBeNull();
    await rows.saveSecrets("s_vault", { vncPassword: "old", runnerToken: "old" });
    const secrets = { vncPassword: "pa55word", runnerToken: "t0ken" };
    await rows.saveSecrets("s_vault", secrets);
    expect(await rows.secrets("s_vault")).toEqual(secrets);
    const kept = JSON.stringify(await its.store.db.select().from(vncSessions));
    expect(kept).not.toContain("pa55word");
    expect(kept).not.toContain("t0ken");
    expect(await rows.remove("s_vault")).toBe(true);
    expect(await rows.secrets("s_vault")).toBeNull();
    expect(await rows.remove("s_vault")).toBe(false);
  });

  test("what was written is there after closing and opening again", async () => {
    await repository("durable").insert(sessionRow("kept"));
    await its.reopen();
    expect((await repository("durable").byRef("kept"))?.id).toBe("s_kept");
  });

  test("a database of a newer Nexora is refused", async () => {
    const newer = sql`insert into nexora.__drizzle_migrations (hash, created_at)
      values ('of the future', 99999999999999)`;
    await its.store.db.execute(newer);
    if (its.kind === "pglite") await its.store.close();
    await expect(its.database.open()).rejects.toMatchObject({
      code: "store_failed",
      message: expect.stringContaining("newer version"),
    });
  });
});

describe("the embedded database", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "nexora-datadir-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("records the PostgreSQL version that it really is", async () => {
    const dataDir = join(folder, "version");
    const store = await openStore({ dataDir, server: null, assets: assets.store() });
    try {
      expect((await Bun.file(join(dataDir, "PG_VERSION")).text()).trim()).toBe(pgMajor);
    } finally {
      await store.close();
    }
  });

  test("starts without a prepared data folder too", async () => {
    const dataDir = join(folder, "plain");
    const store = await openStore({
      dataDir,
      server: null,
      assets: { ...assets.store(), template: null },
    });
    await store.ping();
    await store.close();
  });

  test("refuses a folder of another PostgreSQL version and leaves it alone", async () => {
    const dataDir = join(folder, "old");
    await Bun.write(join(dataDir, "PG_VERSION"), "17\n");
    await expect(
      openStore({ dataDir, server: null, assets: assets.store() }),
    ).rejects.toMatchObject({
      code: "store_failed",
      message: expect.stringMatching(/PostgreSQL 17.*needs 18/),
    });
    expect(await Bun.file(join(dataDir, "PG_VERSION")).text()).toBe("17\n");
  });

  test("names the folder when it is damaged", async () => {
    const dataDir = join(folder, "damaged");
    await Bun.write(join(dataDir, "PG_VERSION"), `${pgMajor}\n`);
    await expect(
      openStore({ dataDir, server: null, assets: assets.store() }),
    ).rejects.toMatchObject({
      code: "store_failed",
      message: expect.stringContaining(dataDir),
    });
  });
});

describe("a PostgreSQL server", () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.stop());
  const open = (url: string) => {
    const named = { url, source: "DATABASE_URL" } as const;
    return openStore({ dataDir: "/nonexistent", server: named, assets: assets.store() });
  };

  test("may be migrated by several daemons that start at once", async () => {
    const url = await server.createDatabase();
    const stores = await Promise.all(Array.from({ length: 5 }, () => open(url)));
    await Promise.all(stores.map((store) => store.ping()));
    await Promise.all(stores.map((store) => store.close()));
  });

  test("that cannot be reached is named by its address and variable, without the password", async () => {
    const error = await open("postgres://ada:hunter2@127.0.0.1:1/nexora").catch((thrown) => thrown);
    expect(error.toJSON()).toMatchObject({
      code: "store_failed",
      message: expect.stringContaining("127.0.0.1:1/nexora"),
      hint: expect.stringContaining("NEXORA_DATABASE_URL="),
    });
    expect(JSON.stringify(error)).not.toContain("hunter2");
  });

  test("that never answers fails within a deadline", async () => {
    const mute = createServer();
    await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
    const address = mute.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const started = performance.now();
    const error = await open(`postgres://ada@127.0.0.1:${port}/nexora`).catch((thrown) => thrown);
    mute.close();
    expect(error).toMatchObject({
      code: "store_failed",
      message: expect.stringContaining("no answer within"),
    });
    expect(performance.now() - started).toBeLessThan(15_000);
  });

  test("that goes away is noticed by a ping, and used again when it is back", async () => {
    const url = await server.createDatabase();
    const store = await open(url);
    try {
      await server.restart(async () => {
        await expect(store.ping(AbortSignal.timeout(10_000))).rejects.toMatchObject({
          code: "store_failed",
        });
      });
      await store.ping(AbortSignal.timeout(10_000));
    } finally {
      await store.close();
    }
  });

  test("that refuses the password says so", async () => {
    const url = server.url.replace(/:[^:@]*@/, ":wrong@");
    await expect(open(url)).rejects.toMatchObject({
      code: "store_failed",
      message: expect.stringContaining("refuses the password"),
    });
  });

  test("without the database says so", async () => {
    await expect(open(`${server.url}_missing`)).rejects.toMatchObject({
      code: "store_failed",
      message: expect.stringContaining("no such database"),
    });
  });
});
