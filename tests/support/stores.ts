import { afterAll, beforeAll, describe } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assets } from "../../daemon/assets.ts";
import { openStore, serverOf } from "../../daemon/store/open.ts";
import type { NewSession } from "../../daemon/store/sessions.ts";
import type { Server, Store } from "../../daemon/store/store.ts";
import type { Paths } from "../../src/paths.ts";
import { startPostgres } from "./postgres.ts";

/** Every kind of database that Nexora runs on: tests of the store run on each. */
export const storeKinds = ["pglite", "postgres"] as const;

export interface TestDatabase {
  server: Server | null;
  dataDir: string;
  /** Opens the same database each time. */
  open(): Promise<Store>;
  stop(): Promise<void>;
}

/** An empty database of a kind, on a folder and a server of its own. */
export async function testDatabase(kind: (typeof storeKinds)[number]): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), "nexora-store-"));
  const postgres = kind === "postgres" ? await startPostgres() : null;
  const server = serverOf({ NEXORA_DATABASE_URL: await postgres?.createDatabase() });
  const dataDir = join(folder, "data");
  return {
    server,
    dataDir,
    open: () => openStore({ dataDir, server, assets: assets.store() }),
    async stop() {
      await postgres?.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Declares tests for each kind of database, which is open while they run. */
export function onEachStore(
  declare: (its: {
    readonly kind: (typeof storeKinds)[number];
    readonly database: TestDatabase;
    readonly store: Store;
    reopen(): Promise<void>;
  }) => void,
): void {
  describe.each(storeKinds)("on %s", (kind) => {
    let database: TestDatabase;
    let store: Store;
    beforeAll(async () => {
      database = await testDatabase(kind);
      store = await database.open();
    });
    afterAll(async () => {
      await store?.close();
      await database?.stop();
    });
    declare({
      kind,
      get database() {
        return database;
      },
      get store() {
        return store;
      },
      async reopen() {
        await store.close();
        store = await database.open();
      },
    });
  });
}

/** The store of a home whose daemon has ended, on the database that its TestDaemon had. */
export function storeOf(paths: Paths): Promise<Store> {
  const server = serverOf({ NEXORA_DATABASE_URL: process.env.NEXORA_TEST_DATABASE_URL });
  return openStore({ dataDir: paths.data, server, assets: assets.store() });
}

/** A session as the daemon would insert it. */
export function sessionRow(name: string, id = `s_${name}`): NewSession {
  return {
    id,
    name,
    state: "creating",
    image: "nexora/workstation:full",
    width: 1920,
    height: 1080,
    profile: "hardened",
    network: "full",
    cpus: 2,
    memoryBytes: 4 * 1024 ** 3,
    pids: 1024,
    uid: 1000,
    gid: 4_294_967_294,
  };
}
