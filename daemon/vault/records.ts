import { and, asc, eq } from "drizzle-orm";
import { NexoraError } from "../../src/contract/errors.ts";
import { type Database, sqlState, uniqueViolation } from "../store/database.ts";
import { providersAuth } from "../store/schema.ts";

/** A provider's key as it is kept: encrypted. */
export type KeyRecord = Omit<typeof providersAuth.$inferSelect, "instance">;

/** The keys of one daemon in the store. */
export class KeyRecords {
  constructor(
    private readonly db: Database,
    /** Only this daemon's are seen or changed. */
    private readonly instance: string,
  ) {}

  /** Oldest first. */
  async list(): Promise<KeyRecord[]> {
    const rows = await this.db
      .select()
      .from(providersAuth)
      .where(eq(providersAuth.instance, this.instance))
      .orderBy(asc(providersAuth.createdAt), asc(providersAuth.id));
    return rows.map(({ instance: _, ...record }) => record);
  }

  async update(id: string, patch: Partial<Omit<KeyRecord, "id">>): Promise<void> {
    await this.db
      .update(providersAuth)
      .set(patch)
      .where(and(eq(providersAuth.instance, this.instance), eq(providersAuth.id, id)));
  }

  async remove(id: string): Promise<void> {
    await this.db
      .delete(providersAuth)
      .where(and(eq(providersAuth.instance, this.instance), eq(providersAuth.id, id)));
  }

  /**
   * Keeps records, in the place of those with the same id: all of them or none. `last` runs when all
   * else is done and can still fail. Throws `name_taken`.
   */
  async put(records: readonly KeyRecord[], last = () => {}): Promise<void> {
    try {
      await this.db.transaction(async (db) => {
        for (const { id, ...rest } of records) {
          await db
            .insert(providersAuth)
            .values({ id, instance: this.instance, ...rest })
            .onConflictDoUpdate({ target: providersAuth.id, set: rest });
        }
        last();
      });
    } catch (error) {
      if (sqlState(error) !== uniqueViolation) throw error;
      throw new NexoraError("name_taken", "there is already a key of that provider and name", {
        hint: "see `nexora keys ls`",
        cause: error,
      });
    }
  }
}
