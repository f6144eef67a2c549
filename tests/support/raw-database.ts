import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { drizzle as drizzlePglite } from "drizzle-orm/pglite";
import { migrate as migratePglite } from "drizzle-orm/pglite/migrator";
import { drizzle as drizzleServer } from "drizzle-orm/postgres-js";
import { migrate as migrateServer } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";
import { assets } from "../../daemon/assets.ts";
import type { Database } from "../../daemon/store/database.ts";
import { openStore } from "../../daemon/store/open.ts";
import * as schema from "../../daemon/store/schema.ts";
import type { Store } from "../../daemon/store/store.ts";
import type { PostgresServer } from "./postgres.ts";

/** A database as others than this Nexora leave it behind, and then this Nexora's store on it. */
export interface RawDatabase {
  /** Works on it while no store is open. */
  raw(work: (connection: RawConnection) => Promise<void>): Promise<void>;
  open(): Promise<Store>;
  remove(): Promise<void>;
}

interface RawConnection {
  db: Database;
  /** Applies the migrations in a folder as Nexora 0.1 and many applications do. */
  migrate(folder: string): Promise<void>;
}

/** A new, empty database: on the server, or embedded when there is none. */
export async function rawDatabase(server: PostgresServer | null): Promise<RawDatabase> {
  const folder = await mkdtemp(join(tmpdir(), "nexora-raw-"));
  const dataDir = join(folder, "data");
  const url = await server?.createDatabase();
  return {
    raw: (work) => (url === undefined ? onFolder(dataDir, work) : onServer(url, work)),
    open: () =>
      openStore({
        dataDir,
        server: url === undefined ? null : { url, source: "DATABASE_URL" },
        assets: assets.store(),
      }),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function onFolder(dataDir: string, work: (raw: RawConnection) => Promise<void>) {
  const first = !existsSync(dataDir);
  if (first) await emptyFolder(dataDir);
  const pglite = await PGlite.create(dataDir);
  const db = drizzlePglite(pglite, { schema });
  try {
    if (first) await pglite.exec("drop schema nexora cascade; drop schema drizzle cascade");
    await work({ db, migrate: (migrationsFolder) => migratePglite(db, { migrationsFolder }) });
  } finally {
    await pglite.close();
  }
}

/** Unpacking what the build has prepared takes a tenth of making a data folder. */
async function emptyFolder(dataDir: string): Promise<void> {
  const { template } = assets.store();
  if (template === null) throw new Error("run `bun run build --only=template` first");
  await new Bun.Archive(await Bun.zstdDecompress(await Bun.file(template).bytes())).extract(
    dataDir,
  );
}

async function onServer(url: string, work: (raw: RawConnection) => Promise<void>) {
  const client = postgres(url, { max: 1, onnotice: () => {} });
  const db = drizzleServer(client, { schema });
  try {
    await work({ db, migrate: (migrationsFolder) => migrateServer(db, { migrationsFolder }) });
  } finally {
    await client.end();
  }
}
