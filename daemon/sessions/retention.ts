import type { Logger } from "../log.ts";
import type { SessionRepository } from "../store/sessions.ts";
import { endedByItself } from "./ending.ts";
import type { Lifecycle } from "./lifecycle.ts";

export interface RetentionParts {
  rows: SessionRepository;
  lifecycle: Lifecycle;
  /** What else is kept for so long. */
  records: readonly { prune(before: Date): Promise<void> }[];
  /** How long what has ended is kept, in milliseconds; 0: for ever. */
  retentionMs: number;
  log: Logger;
  now?: () => number;
}

/** Forgets sessions that ended by themselves long ago, and old records. */
export class Retention {
  private readonly now: () => number;

  constructor(private readonly parts: RetentionParts) {
    this.now = parts.now ?? Date.now;
  }

  /** How often there may be something to do, in milliseconds. */
  get everyMs(): number {
    return Math.min(60_000, Math.max(1000, this.parts.retentionMs / 10));
  }

  async sweep(): Promise<void> {
    const { rows, records, retentionMs, lifecycle, log } = this.parts;
    if (retentionMs === 0) return;
    const before = new Date(this.now() - retentionMs);
    for (const row of await rows.list({ states: ["stopped", "failed"] })) {
      const old = row.endedAt !== null && row.endedAt < before;
      if (!old || !endedByItself(row) || lifecycle.busy(row.id)) continue;
      try {
        await lifecycle.reap(row);
      } catch (error) {
        log.error("a session could not be reaped", { session: row.id, error });
      }
    }
    await Promise.all(records.map((record) => record.prune(before)));
  }
}
