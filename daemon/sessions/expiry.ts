import type { EventSink } from "../events/events.ts";
import type { Logger } from "../log.ts";
import type { SessionRepository, SessionRow } from "../store/sessions.ts";
import type { Activity } from "./activity.ts";
import type { Directory } from "./directory.ts";
import { expiredPrefix, expiryOf } from "./expiry-time.ts";
import type { Lifecycle } from "./lifecycle.ts";

export interface ExpiryParts {
  rows: SessionRepository;
  directory: Directory;
  lifecycle: Lifecycle;
  activity: Activity;
  events: EventSink & { prune(before: Date): Promise<void> };
  audit: { prune(before: Date): Promise<void> };
  /** How long what has ended is kept, in milliseconds; 0: for ever. */
  retentionMs: number;
  log: Logger;
  now?: () => number;
}

/** Ends sessions whose time is over, and forgets those that ended long ago. */
export class Expiry {
  private readonly now: () => number;

  constructor(private readonly parts: ExpiryParts) {
    this.now = parts.now ?? Date.now;
  }

  /** Looks at every session once; to be called now and then. */
  async sweep(): Promise<void> {
    const { rows, directory, lifecycle, retentionMs, events, audit, log } = this.parts;
    for (const row of await rows.list()) {
      if (lifecycle.busy(row.id)) continue;
      try {
        if (directory.peek(row.id)) await this.expire(row);
        else if (retentionMs > 0) await this.reap(row);
      } catch (error) {
        log.error("a session could not be ended", { session: row.id, error });
      }
    }
    if (retentionMs === 0) return;
    const before = new Date(this.now() - retentionMs);
    await Promise.all([events.prune(before), audit.prune(before)]);
  }

  /** Writes down when sessions were last used, so that their idle time outlives the daemon. */
  async remember(): Promise<void> {
    const { rows, directory, activity } = this.parts;
    for (const id of directory.ids()) {
      const used = activity.lastUsed(id);
      const known = directory.peek(id)?.row.lastUsedAt?.getTime() ?? 0;
      if (used === undefined || used - known < 1000) continue;
      directory.refresh(await rows.update(id, { lastUsedAt: new Date(used) }));
    }
  }

  private async expire(row: SessionRow): Promise<void> {
    const { lifecycle, activity, directory } = this.parts;
    const due = expiryOf(row, activity.lastUsed(row.id));
    if (!due || due.at > this.now()) return;
    await lifecycle.exclusively(row.id, async () => {
      // It may have been used, or stopped, while we waited.
      const again = expiryOf(row, activity.lastUsed(row.id));
      if (!directory.peek(row.id) || !again || again.at > this.now()) return;
      await lifecycle.end(row, { type: "expired", reason: again.reason });
    });
  }

  /** Sessions that were stopped by request are their owner's to remove. */
  private async reap(row: SessionRow): Promise<void> {
    const { retentionMs, lifecycle } = this.parts;
    const old = (row.endedAt?.getTime() ?? Number.POSITIVE_INFINITY) < this.now() - retentionMs;
    const byItself = row.state === "failed" || row.reason?.startsWith(expiredPrefix);
    if (old && byItself) await lifecycle.remove(row, "reaped", "its retention is over");
  }
}
