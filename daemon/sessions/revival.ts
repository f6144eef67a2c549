import { delay } from "../../src/abort.ts";
import type { EventSink } from "../events/events.ts";
import type { Logger } from "../log.ts";
import type { SessionRepository, SessionRow } from "../store/sessions.ts";
import { givenUpPrefix } from "./ending.ts";
import type { Lifecycle } from "./lifecycle.ts";

export interface RevivalParts {
  rows: SessionRepository;
  lifecycle: Lifecycle;
  events: EventSink;
  log: Logger;
  now?: () => number;
  /** Pause before the second try, in milliseconds; it doubles with each further one. @default 1000 */
  pauseMs?: number;
}

/** So many tries within that time, in milliseconds, and then no more. */
const limit = { tries: 5, withinMs: 10 * 60_000 };
/** How long one try may take, in milliseconds. */
const tryMs = 120_000;

/**
 * Brings sessions back that died, when they are told to (`--restart`): one that is `failed` waits
 * for it, also across a restart of the daemon. One that dies again and again is given up.
 */
export class Revival {
  private readonly tries = new Map<string, number[]>();
  private readonly reviving = new Set<string>();
  private readonly ended = new AbortController();
  private readonly now: () => number;

  constructor(private readonly parts: RevivalParts) {
    this.now = parts.now ?? Date.now;
  }

  /** In the background, once nobody else works on the session. */
  revive(row: SessionRow): void {
    if (!row.restart || this.reviving.has(row.id) || this.ended.signal.aborted) return;
    this.reviving.add(row.id);
    void this.untilAlive(row.id).finally(() => this.reviving.delete(row.id));
  }

  close(): void {
    this.ended.abort();
  }

  private async untilAlive(id: string): Promise<void> {
    const { lifecycle, log, pauseMs = 1000 } = this.parts;
    const { signal } = this.ended;
    for (let done = false; !done; ) {
      const before = this.recent(id).length;
      if (before > 0) await delay(pauseMs * 2 ** (before - 1), signal);
      if (signal.aborted) return;
      try {
        done = await lifecycle.exclusively(id, (row) => this.attempt(row));
      } catch (error) {
        log.warn("a session could not be brought back", { session: id, error });
        done = (await this.parts.rows.byRef(id).catch(() => null)) === null;
      }
    }
  }

  /** Whether nothing is left to do. */
  private async attempt(row: SessionRow): Promise<boolean> {
    const { rows, lifecycle, events } = this.parts;
    if (row.state !== "failed") return true;
    const recent = this.recent(row.id);
    const session = { id: row.id, name: row.name };
    if (recent.length >= limit.tries) {
      const message = `${givenUpPrefix}brought back ${recent.length} times within ${limit.withinMs / 60_000} min; at last: ${row.reason}`;
      await rows.update(row.id, { state: "stopped", reason: message });
      await events.publish({ type: "stopped", session, message });
      return true;
    }
    this.tries.set(row.id, [...recent, this.now()]);
    const signal = AbortSignal.any([this.ended.signal, AbortSignal.timeout(tryMs)]);
    await lifecycle.again(row, signal);
    await events.publish({ type: "restarted", session, message: `brought back: ${row.reason}` });
    return true;
  }

  private recent(id: string): number[] {
    const recent = (this.tries.get(id) ?? []).filter((at) => at > this.now() - limit.withinMs);
    if (recent.length === 0) this.tries.delete(id);
    return recent;
  }
}
