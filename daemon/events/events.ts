import { and, asc, desc, eq, gt, inArray, isNull, lt, or } from "drizzle-orm";
import type { NexoraEvent } from "../../src/contract/events.ts";
import type { Logger } from "../log.ts";
import type { Database } from "../store/database.ts";
import { events } from "../store/schema.ts";
import { Feed } from "./feed.ts";

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
  /** Only those of these sessions, by id, and those of none; null: all. */
  visible: ReadonlySet<string> | null;
}

/** Keeps what happened in the store and hands it to who listens. */
export class Events implements EventSink {
  private readonly feed = new Feed<NexoraEvent>();
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
      if (row) this.feed.publish(eventOf(row));
    } catch (error) {
      log.error("an event was not kept", { type, error });
    }
  }

  /** The latest events that match, oldest first. */
  async list({ since, limit, only, visible }: EventQuery): Promise<NexoraEvent[]> {
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
          visible === null
            ? undefined
            : or(isNull(events.sessionId), inArray(events.sessionId, [...visible])),
        ),
      )
      .orderBy(since === undefined ? desc(events.id) : asc(events.id))
      .limit(limit);
    const found = rows.map(eventOf);
    return since === undefined ? found.reverse() : found;
  }

  /** What `list` gives, and then what comes, until `signal` aborts. */
  follow(query: EventQuery, signal: AbortSignal): AsyncGenerator<NexoraEvent> {
    return this.feed.follow({
      past: (since) => this.list({ ...query, since }),
      since: query.since,
      wanted: (event) => isWanted(query, event.session),
      signal,
    });
  }

  /** Forgets events older than this. */
  async prune(before: Date): Promise<void> {
    const { db, instance } = this.parts;
    await db.delete(events).where(and(eq(events.instance, instance), lt(events.time, before)));
  }
}

function isWanted({ only, visible }: EventQuery, session: NexoraEvent["session"]): boolean {
  if (only !== undefined && session?.id !== only && session?.name !== only) return false;
  return visible === null || session === null || visible.has(session.id);
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
