import { openPglite } from "./pglite.ts";
import { openPostgres } from "./postgres.ts";
import type { Store, StoreAssets } from "./store.ts";

export interface OpenStoreOptions {
  /** Folder of the embedded database; the caller holds its home's lock. */
  dataDir: string;
  /** `postgres://…`: use this server instead of the embedded database. */
  databaseUrl?: string | undefined;
  assets: StoreAssets;
}

/** Opens the database and brings its schema up to date. Throws `store_failed`, `disk_full`. */
export function openStore({ dataDir, databaseUrl, assets }: OpenStoreOptions): Promise<Store> {
  return databaseUrl ? openPostgres(databaseUrl, assets.migrations) : openPglite(dataDir, assets);
}
