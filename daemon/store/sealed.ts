import { count, eq } from "drizzle-orm";
import type { SealedCounts } from "../vault/secretbox.ts";
import type { Database } from "./database.ts";
import { browserProfiles, sessions, vncSessions } from "./schema.ts";

/** Of how many sessions of one daemon there are secrets, and how many browser profiles; needs no key. */
export async function countSealed(db: Database, instance: string): Promise<SealedCounts> {
  const [ofSessions] = await db
    .select({ count: count() })
    .from(vncSessions)
    .innerJoin(sessions, eq(sessions.id, vncSessions.sessionId))
    .where(eq(sessions.instance, instance));
  const [profiles] = await db
    .select({ count: count() })
    .from(browserProfiles)
    .where(eq(browserProfiles.instance, instance));
  return { sessions: ofSessions?.count ?? 0, profiles: profiles?.count ?? 0 };
}
