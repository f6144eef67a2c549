import { createHash, randomBytes } from "node:crypto";
import { eq } from "drizzle-orm";
import type { Database } from "./database.ts";
import { meta } from "./schema.ts";

const key = "store.id";

/**
 * The id under which a daemon labels what it makes in the engine, from its home's id and its
 * database's, which is made on first use. With another database the same home is another
 * instance: else all that the first one knows would look like nobody's, and be removed.
 */
export async function instanceOf(db: Database, home: string): Promise<string> {
  const fresh = { key, value: randomBytes(8).toString("hex") };
  await db.insert(meta).values(fresh).onConflictDoNothing();
  const [row] = await db.select().from(meta).where(eq(meta.key, key));
  const store = row?.value ?? fresh.value;
  return createHash("sha256").update(`${home}:${store}`).digest("hex").slice(0, 16);
}
