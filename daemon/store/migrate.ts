import { sql } from "drizzle-orm";
import { type MigrationConfig, readMigrationFiles } from "drizzle-orm/migrator";
import { NexoraError } from "../../src/contract/errors.ts";
import type { Database } from "./database.ts";
import { adoptPublic } from "./legacy.ts";

/** Where the applied migrations are recorded. */
const migrationsSchema = "nexora";

/**
 * Brings the schema up to date with the driver's own `migrate`. Throws `store_failed` when the
 * schema is of a newer Nexora than this one.
 */
export async function migrateWith<D extends Database>(
  db: D,
  migrate: (db: D, config: MigrationConfig) => Promise<void>,
  migrationsFolder: string,
): Promise<void> {
  await adoptPublic(db);
  await migrate(db, { migrationsFolder, migrationsSchema });
  const known = readMigrationFiles({ migrationsFolder }).at(-1)?.folderMillis ?? 0;
  const newer = await db
    .select({ hash: sql<string>`hash` })
    .from(sql`nexora.__drizzle_migrations`)
    .where(sql`created_at > ${known}`)
    .limit(1);
  if (newer.length > 0) {
    throw new NexoraError("store_failed", "the database was written by a newer version of Nexora", {
      hint: "run that version, or set NEXORA_HOME (or NEXORA_DATABASE_URL) to another database",
    });
  }
}
