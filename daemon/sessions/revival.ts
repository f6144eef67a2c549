import { delay } from "../../src/abort.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import type { EventSink } from "../events/events.ts";
import type { Logger } from "../log.ts";
import type { SessionRepository, SessionRow } from "../store/sessions.ts";
import { isFull } from "./admission.ts";
import { givenUpPrefix, notStartedPrefix } from "./ending.ts";
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
/** The pause grows to 32 times the first. */
const maxDoublings = 5;
/** Between the reason why a session ended and what it waits for to be brought back. */
const waitingMark = "; to be brought back, it waits: ";
/** How long one try may take, in milliseconds. */
const tryMs = 120_000;

/**
 * Brings sessions back that died, when they are told to (`--restart`): one that is `failed` waits
 * for it, also across a restart of the daemon. One that dies again and again is given up. While as
 * many sessions are open as may be, or the engine is away, they wait.
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
    const { rows, lifecycle, log, pauseMs = 1000 } = this.parts;
    const { signal } = this.ended;
    for (let waits = 0; ; ) {
      const before = this.recent(id).length + waits;
      if (before > 0) await delay(pauseMs * 2 ** Math.min(before - 1, maxDoublings), signal);
      if (signal.aborted) return;
      try {
        const done = await lifecycle.exclusively(id, (row) => this.attempt(row));
        if (done) return;
        waits++;
      } catch (error) {
        log.warn("a session could not be brought back", { session: id, error });
        if ((await rows.byRef(id).catch(() => undefined)) === null) return;
      }
    }
  }

  /** Whether nothing is left to do; not while there is no room, or no engine, for it. */
  private async attempt(row: SessionRow): Promise<boolean> {
    const { lifecycle, events } = this.parts;
    if (row.state !== "failed") return true;
    const recent = this.recent(row.id);
    if (recent.length >= limit.tries) {
      await this.giveUp(row, recent.length);
      return true;
    }
    const signal = AbortSignal.any([this.ended.signal, AbortSignal.timeout(tryMs)]);
    const why = (row.reason ?? "").split(waitingMark)[0] ?? "";
    try {
      await lifecycle.again({ ...row, reason: why }, signal, true);
    } catch (error) {
      const waits = await this.waits(row.id, why, error);
      if (waits) return false;
      this.tries.set(row.id, [...recent, this.now()]);
      throw error;
    }
    this.tries.set(row.id, [...recent, this.now()]);
    const session = { id: row.id, name: row.name };
    await events.publish({ type: "restarted", session, message: `brought back: ${why}` });
    return true;
  }

  /** Whether a failed try says nothing of the session; its reason then says what it waits for. */
  private async waits(id: string, why: string, error: unknown): Promise<boolean> {
    const away = error instanceof NexoraError && error.code === "engine_unreachable";
    if (!away && !isFull(error)) return false;
    await this.parts.rows.update(id, { reason: why + waitingMark + error.message });
    return true;
  }

  /** What could not even be started is not to blame for that, and is kept. */
  private async giveUp(row: SessionRow, tries: number): Promise<void> {
    const { rows, events } = this.parts;
    const often = `${tries} times within ${limit.withinMs / 60_000} min`;
    const message = row.reason?.startsWith(notStartedPrefix)
      ? `${row.reason} (tried ${often})`
      : `${givenUpPrefix}brought back ${often}; at last: ${row.reason}`;
    await rows.update(row.id, { state: "stopped", reason: message });
    await events.publish({ type: "stopped", session: { id: row.id, name: row.name }, message });
  }

  private recent(id: string): number[] {
    const recent = (this.tries.get(id) ?? []).filter((at) => at > this.now() - limit.withinMs);
    if (recent.length === 0) this.tries.delete(id);
    return recent;
  }
}
