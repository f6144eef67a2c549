import { and, asc, desc, eq, gt, lt } from "drizzle-orm";
import type { AuditEntry } from "../../src/contract/audit.ts";
import type { ErrorCode } from "../../src/contract/errors.ts";
import type { Logger } from "../log.ts";
import type { Principal } from "../principals/principal.ts";
import type { Database } from "../store/database.ts";
import { audit } from "../store/schema.ts";
import { Feed } from "./feed.ts";

/** An operation that somebody asked for, and what came of it. */
export interface Deed {
  principal: Pick<Principal, "kind" | "name">;
  /** Id of the operation. */
  operation: string;
  /** The session's name, as the caller gave it when it was not found; null: the operation is about none. */
  session: string | null;
  sessionId: string | null;
  code: ErrorCode | null;
}

export interface AuditQuery {
  /** Only entries after this id. */
  since?: number | undefined;
  /** The latest so many. */
  limit: number;
}

/** How long entries may wait to be written together, in milliseconds. */
const lingerMs = 500;

/**
 * Writes down who asked for what, off the path of the request: entries are gathered and written
 * in one statement. A crash may lose the last half second.
 */
export class Audit implements AsyncDisposable {
  private readonly feed = new Feed<AuditEntry>();
  private pending: (Deed & { time: Date })[] = [];
  private timer: Timer | undefined;
  private written: Promise<void> = Promise.resolve();

  constructor(private readonly parts: { db: Database; instance: string; log: Logger }) {}

  record(deed: Deed): void {
    this.pending.push({ ...deed, time: new Date() });
    this.timer ??= setTimeout(() => void this.flush(), lingerMs);
  }

  /** The latest entries, oldest first; with `since` those that came after. */
  async list({ since, limit }: AuditQuery): Promise<AuditEntry[]> {
    await this.flush();
    const { db, instance } = this.parts;
    const rows = await db
      .select()
      .from(audit)
      .where(
        and(eq(audit.instance, instance), since === undefined ? undefined : gt(audit.id, since)),
      )
      .orderBy(since === undefined ? desc(audit.id) : asc(audit.id))
      .limit(limit);
    const found = rows.map(entryOf);
    return since === undefined ? found.reverse() : found;
  }

  /** What `list` gives, and then what comes, until `signal` aborts. */
  follow(query: AuditQuery, signal: AbortSignal): AsyncGenerator<AuditEntry> {
    return this.feed.follow({
      past: (since) => this.list({ ...query, since }),
      since: query.since,
      wanted: () => true,
      signal,
    });
  }

  /** Forgets entries older than this. */
  async prune(before: Date): Promise<void> {
    const { db, instance } = this.parts;
    await db.delete(audit).where(and(eq(audit.instance, instance), lt(audit.time, before)));
  }

  /** Resolves once all that was recorded is written. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.written = this.written.then(() => this.write());
    return this.written;
  }

  private async write(): Promise<void> {
    const { db, instance, log } = this.parts;
    const deeds = this.pending;
    this.pending = [];
    if (deeds.length === 0) return;
    try {
      const values = deeds.map(({ principal, ...deed }) => ({
        ...deed,
        instance,
        principalKind: principal.kind,
        principalName: principal.name,
      }));
      const rows = await db.insert(audit).values(values).returning();
      for (const row of rows.toSorted((a, b) => a.id - b.id)) this.feed.publish(entryOf(row));
    } catch (error) {
      log.error("audit entries were not kept", { count: deeds.length, error });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush();
  }
}

function entryOf(row: typeof audit.$inferSelect): AuditEntry {
  const { id, time, principalKind, principalName, operation, session, sessionId, code } = row;
  return {
    id,
    time: time.toISOString(),
    principal: { kind: principalKind, name: principalName },
    operation,
    session: session === null ? null : { id: sessionId, name: session },
    code,
  };
}
