import { createHash, randomBytes } from "node:crypto";
import { eq } from "drizzle-orm";
import type { Database } from "./database.ts";
import { openPglite } from "./pglite.ts";
import { openPostgres } from "./postgres.ts";
import { meta } from "./schema.ts";
import type { Server, Store, StoreAssets } from "./store.ts";

export interface OpenStoreOptions {
  /** Folder of the embedded database; the caller holds its home's lock. */
  dataDir: string;
  /** Use this server instead of the embedded database. */
  server: Server | null;
  assets: StoreAssets;
}

/** Opens the database and brings its schema up to date. Throws `store_failed`, `disk_full`. */
export function openStore({ dataDir, server, assets }: OpenStoreOptions): Promise<Store> {
  return server ? openPostgres(server, assets.migrations) : openPglite(dataDir, assets);
}

/**
 * The server that the environment names; null for the embedded database. `NEXORA_DATABASE_URL`
 * goes before `DATABASE_URL`, which every second application exports; set and empty, it means the
 * embedded database.
 */
export function serverOf(env: Record<string, string | undefined>): Server | null {
  for (const source of ["NEXORA_DATABASE_URL", "DATABASE_URL"] as const) {
    const url = env[source];
    if (url !== undefined) return url === "" ? null : { url, source };
  }
  return null;
}

const idKey = "store.id";

/**
 * The id under which a daemon labels what it makes in the engine, from its home's id and its
 * database's, which is made on first use. With another database the same home is another
 * instance: else all that the first one knows would look like nobody's, and be removed.
 */
export async function instanceOf(db: Database, home: string): Promise<string> {
  const fresh = { key: idKey, value: randomBytes(8).toString("hex") };
  await db.insert(meta).values(fresh).onConflictDoNothing();
  const [row] = await db.select().from(meta).where(eq(meta.key, idKey));
  const store = row?.value ?? fresh.value;
  return createHash("sha256").update(`${home}:${store}`).digest("hex").slice(0, 16);
}
