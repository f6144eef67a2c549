import { and, eq, lt } from "drizzle-orm";
import type { Logger } from "../log.ts";
import type { Database } from "../store/database.ts";
import { audit } from "../store/schema.ts";

export interface AuditEntry {
  /** `local:USER` over the Unix socket, `token:NAME` over TCP. */
  actor: string;
  /** Id of the operation. */
  operation: string;
  /** The session as the caller named it. */
  session: string | null;
  /** HTTP status of the reply. */
  status: number;
}

/** How long entries may wait to be written together, in milliseconds. */
const lingerMs = 500;

/**
 * Writes down who asked for what, off the path of the request: entries are gathered and written
 * in one statement. A crash may lose the last half second.
 */
export class Audit implements AsyncDisposable {
  private pending: (AuditEntry & { time: Date })[] = [];
  private timer: Timer | undefined;
  private written: Promise<void> = Promise.resolve();

  constructor(private readonly parts: { db: Database; instance: string; log: Logger }) {}

  record(entry: AuditEntry): void {
    this.pending.push({ ...entry, time: new Date() });
    this.timer ??= setTimeout(() => void this.flush(), lingerMs);
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
    const entries = this.pending;
    this.pending = [];
    if (entries.length === 0) return;
    try {
      await db
        .insert(audit)
        .values(entries.map((entry) => ({ ...principalOf(entry.actor), ...entry, instance })));
    } catch (error) {
      log.error("audit entries were not kept", { count: entries.length, error });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush();
  }
}

function principalOf(actor: string): { principalKind: string; principalName: string } {
  const [principalKind = "", ...name] = actor.split(":");
  return { principalKind, principalName: name.join(":") };
}
