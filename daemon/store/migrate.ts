import { sql } from "drizzle-orm";
import { type MigrationConfig, readMigrationFiles } from "drizzle-orm/migrator";
import { NexoraError } from "../../src/contract/errors.ts";
import type { Database } from "./database.ts";

/**
 * Brings the schema up to date with the driver's own `migrate`. Throws `store_failed` when the
 * schema is of a newer Nexora than this one.
 */
export async function migrateWith<D extends Database>(
  db: D,
  migrate: (db: D, config: MigrationConfig) => Promise<void>,
  folder: string,
): Promise<void> {
  await migrate(db, { migrationsFolder: folder });
  const known = readMigrationFiles({ migrationsFolder: folder }).at(-1)?.folderMillis ?? 0;
  const newer = await db
    .select({ hash: sql<string>`hash` })
    .from(sql`drizzle.__drizzle_migrations`)
    .where(sql`created_at > ${known}`)
    .limit(1);
  if (newer.length > 0) {
    throw new NexoraError("store_failed", "the database was written by a newer version of Nexora", {
      hint: "run that version, or set NEXORA_HOME (or DATABASE_URL) to another database",
    });
  }
}
