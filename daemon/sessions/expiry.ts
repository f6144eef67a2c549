import type { Logger } from "../log.ts";
import type { SessionRepository } from "../store/sessions.ts";
import type { Activity } from "./activity.ts";
import type { Directory, Live } from "./directory.ts";
import { expiryOf } from "./expiry-time.ts";
import type { Lifecycle } from "./lifecycle.ts";

export interface ExpiryParts {
  rows: SessionRepository;
  directory: Directory;
  lifecycle: Lifecycle;
  activity: Activity;
  log: Logger;
  now?: () => number;
}

/** A use is written down when it is this much newer than what is known, in milliseconds. */
const rememberMs = 10_000;

/** Ends sessions whose time is over. */
export class Expiry {
  private readonly now: () => number;

  constructor(private readonly parts: ExpiryParts) {
    this.now = parts.now ?? Date.now;
  }

  /** Looks at every running session once, in memory; to be called now and then. */
  async sweep(): Promise<void> {
    const { directory, log } = this.parts;
    const due = directory.all().filter((live) => this.dueReason(live) !== null);
    const ends = await Promise.allSettled(due.map(({ row }) => this.expire(row.id)));
    for (const end of ends) {
      if (end.status === "rejected")
        log.error("a session could not be ended", { error: end.reason });
    }
  }

  /** Writes down when sessions were last used, so that their idle time outlives the daemon. */
  async remember(atLeastMs = rememberMs): Promise<void> {
    const { rows, directory, activity, log } = this.parts;
    for (const { row } of directory.all()) {
      const used = activity.lastUsed(row.id);
      if (used === undefined || row.idleMs === null) continue;
      const newer = used - (row.lastUsedAt?.getTime() ?? 0);
      if (newer <= 0 || newer < Math.min(atLeastMs, row.idleMs / 4)) continue;
      try {
        directory.refresh(await rows.update(row.id, { lastUsedAt: new Date(used) }));
      } catch (error) {
        log.warn("a session's last use was not kept", { session: row.id, error });
      }
    }
  }

  private async expire(id: string): Promise<void> {
    const { lifecycle, directory } = this.parts;
    if (lifecycle.busy(id)) return;
    await lifecycle.exclusively(id, async (row) => {
      // It may have been used, or stopped, while we waited.
      const live = directory.peek(id);
      const reason = live ? this.dueReason(live) : null;
      if (reason !== null) await lifecycle.end(row, { type: "expired", reason });
    });
  }

  private dueReason({ row }: Live): string | null {
    const due = expiryOf(row, this.parts.activity.lastUsed(row.id));
    return due && due.at <= this.now() ? due.reason : null;
  }
}
