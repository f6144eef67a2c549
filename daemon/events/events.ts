import { and, asc, desc, eq, gt, lt, or } from "drizzle-orm";
import type { NexoraEvent } from "../../src/contract/events.ts";
import type { Logger } from "../log.ts";
import type { Database } from "../store/database.ts";
import { events } from "../store/schema.ts";

/** What a part has to say of something that happened. */
export interface Happening {
  type: NexoraEvent["type"];
  session?: { id: string; name: string };
  message: string;
  details?: Record<string, unknown>;
}

/** Takes happenings; never throws, so that telling cannot break what is told of. */
export interface EventSink {
  publish(happening: Happening): Promise<void>;
}

export interface EventQuery {
  /** Only events after this id. */
  since?: number | undefined;
  /** The latest so many. */
  limit: number;
  /** Only those of this session, by id or name. */
  only?: string | undefined;
}

/** Events that a slow reader may leave unread before it is cut off. */
const maxBacklog = 1000;

/** Keeps what happened in the store and hands it to who listens. */
export class Events implements EventSink {
  private readonly listeners = new Set<(event: NexoraEvent) => void>();
  private last: Promise<void> = Promise.resolve();

  constructor(private readonly parts: { db: Database; instance: string; log: Logger }) {}

  /** One after the other, so that ids grow in the order in which listeners hear of them. */
  publish(happening: Happening): Promise<void> {
    this.last = this.last.then(() => this.keep(happening));
    return this.last;
  }

  private async keep({ type, session, message, details = {} }: Happening): Promise<void> {
    const { db, instance, log } = this.parts;
    log.info(`event: ${type}`, { session: session?.id, name: session?.name, message, ...details });
    try {
      const values = {
        instance,
        type,
        sessionId: session?.id ?? null,
        sessionName: session?.name ?? null,
        message,
        details,
      };
      const [row] = await db.insert(events).values(values).returning();
      if (!row) return;
      for (const listener of this.listeners) listener(eventOf(row));
    } catch (error) {
      log.error("an event was not kept", { type, error });
    }
  }

  /** The latest events that match, oldest first. */
  async list({ since, limit, only }: EventQuery): Promise<NexoraEvent[]> {
    const { db, instance } = this.parts;
    const rows = await db
      .select()
      .from(events)
      .where(
        and(
          eq(events.instance, instance),
          since === undefined ? undefined : gt(events.id, since),
          only === undefined
            ? undefined
            : or(eq(events.sessionId, only), eq(events.sessionName, only)),
        ),
      )
      .orderBy(since === undefined ? desc(events.id) : asc(events.id))
      .limit(limit);
    const found = rows.map(eventOf);
    return since === undefined ? found.reverse() : found;
  }

  /** What `list` gives, and then what comes, without a gap and in order, until `signal` aborts. */
  async *follow(query: EventQuery, signal: AbortSignal): AsyncGenerator<NexoraEvent> {
    const backlog: NexoraEvent[] = [];
    let wake: () => void = () => {};
    const listener = (event: NexoraEvent) => {
      const { only } = query;
      if (only && event.session?.id !== only && event.session?.name !== only) return;
      backlog.push(event);
      wake();
    };
    const onAbort = () => wake();
    this.listeners.add(listener);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      let last = query.since ?? 0;
      let past = await this.list(query);
      while (past.length > 0) {
        for (const event of past) {
          last = event.id;
          yield event;
        }
        // Without `since` the latest few were asked for; with it, all that came after.
        past = query.since === undefined ? [] : await this.list({ ...query, since: last });
      }
      while (!signal.aborted) {
        const event = backlog.shift();
        if (event && event.id > last) yield event;
        if (backlog.length > maxBacklog) return;
        if (backlog.length === 0 && !signal.aborted) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    } finally {
      this.listeners.delete(listener);
      signal.removeEventListener("abort", onAbort);
    }
  }

  /** Forgets events older than this. */
  async prune(before: Date): Promise<void> {
    const { db, instance } = this.parts;
    await db.delete(events).where(and(eq(events.instance, instance), lt(events.time, before)));
  }
}

function eventOf(row: typeof events.$inferSelect): NexoraEvent {
  const { id, time, type, sessionId, sessionName, message, details } = row;
  return {
    id,
    time: time.toISOString(),
    type,
    session: sessionId === null ? null : { id: sessionId, name: sessionName ?? sessionId },
    message,
    details,
  };
}
