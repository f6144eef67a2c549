import {
  and,
  asc,
  between,
  eq,
  exists,
  inArray,
  isNotNull,
  isNull,
  notInArray,
  or,
  sql,
} from "drizzle-orm";
import type { Database } from "../store/database.ts";
import { portAllocations, sessions } from "../store/schema.ts";
import { exhausted, type PortHolder } from "./exhausted.ts";
import { type Pool, type Pools, seedPools } from "./pools.ts";

export interface PortPair {
  vnc: number;
  cdp: number;
}

export interface PortsOptions {
  db: Database;
  /** Only this daemon's rows are seen or changed. */
  instance: string;
  /** First and last port of each pool. */
  pools: Pools;
  /** Whether no program on this host listens on the port. */
  isFree: (port: number) => Promise<boolean>;
}

/** Hands out the two host ports of a session. */
export class Ports {
  private constructor(private readonly options: PortsOptions) {}

  /** Brings the pools' rows in line with `pools`. Throws `config_invalid` when they overlap. */
  static async open(options: PortsOptions): Promise<Ports> {
    await seedPools(options.db, options.instance, options.pools);
    return new Ports(options);
  }

  /**
   * One port of each pool, or none: the same pair again when the session holds one already.
   * The session's row must exist. Ports that another program holds, and those in `avoid`, are
   * passed over; the next call tries them again. Throws `ports_exhausted`.
   */
  async allocate(sessionId: string, avoid: readonly number[] = []): Promise<PortPair> {
    const held = await this.heldBy(sessionId);
    if (held) return held;
    const foreign: number[] = [];
    for (;;) {
      const pair = await this.claim(sessionId, [...avoid, ...foreign]);
      if (!pair) throw exhausted(this.options.pools, await this.holders(), [...avoid, ...foreign]);
      const busy = await this.busy(pair);
      if (busy.length === 0) return pair;
      foreign.push(...busy);
      await this.release(sessionId);
    }
  }

  /** Frees the session's ports; having none is no error. */
  async release(sessionId: string): Promise<void> {
    await this.options.db
      .update(portAllocations)
      .set({ sessionId: null, allocatedAt: null })
      .where(and(this.mine(), eq(portAllocations.sessionId, sessionId)));
  }

  /** The session's ports; null when it holds none. */
  async heldBy(sessionId: string): Promise<PortPair | null> {
    const rows = await this.options.db
      .select({ port: portAllocations.port, pool: portAllocations.pool })
      .from(portAllocations)
      .where(and(this.mine(), eq(portAllocations.sessionId, sessionId)));
    return asPair(rows);
  }

  /**
   * Gives a session back the ports that its workstation uses: it was taken for dead, and lives. Those
   * that another session holds are left to it.
   */
  async keep(sessionId: string, { vnc, cdp }: PortPair): Promise<void> {
    const { db } = this.options;
    const isKnown = exists(db.select().from(sessions).where(eq(sessions.id, sessionId)));
    const unheld = isNull(portAllocations.sessionId);
    await db
      .update(portAllocations)
      .set({ sessionId, allocatedAt: sql`now()` })
      .where(and(this.mine(), inArray(portAllocations.port, [vnc, cdp]), unheld, isKnown));
  }

  /** Who holds what, by port; and on which engine, null: nobody has noted it. */
  async holders(): Promise<(PortHolder & { engine: string | null })[]> {
    return this.options.db
      .select({
        port: portAllocations.port,
        pool: portAllocations.pool,
        session: { id: sessions.id, name: sessions.name },
        engine: sessions.engine,
      })
      .from(portAllocations)
      .innerJoin(sessions, eq(sessions.id, portAllocations.sessionId))
      .where(and(this.mine(), isNotNull(portAllocations.sessionId)))
      .orderBy(asc(portAllocations.port));
  }

  /** One atomic statement. `cdp` reads `vnc`, so that only who has a VNC port locks a CDP port. */
  private async claim(sessionId: string, avoid: readonly number[]): Promise<PortPair | null> {
    const { db } = this.options;
    const vnc = db.$with("vnc").as(this.firstFree("vnc", avoid));
    const cdp = db.$with("cdp").as(this.firstFree("cdp", avoid, sql`exists (select from vnc)`));
    const rows = await db
      .with(vnc, cdp)
      .update(portAllocations)
      .set({ sessionId, allocatedAt: sql`now()` })
      .from(vnc)
      .innerJoin(cdp, sql`true`)
      .where(
        and(
          this.mine(),
          or(eq(portAllocations.port, vnc.port), eq(portAllocations.port, cdp.port)),
        ),
      )
      .returning({ port: portAllocations.port, pool: portAllocations.pool });
    return asPair(rows);
  }

  private firstFree(pool: Pool, avoid: readonly number[], condition = sql`true`) {
    const [first, last] = this.options.pools[pool];
    return this.options.db
      .select({ port: portAllocations.port })
      .from(portAllocations)
      .where(
        and(
          this.mine(),
          eq(portAllocations.pool, pool),
          between(portAllocations.port, first, last),
          isNull(portAllocations.sessionId),
          avoid.length > 0 ? notInArray(portAllocations.port, [...avoid]) : undefined,
          condition,
        ),
      )
      .orderBy(asc(portAllocations.port))
      .limit(1)
      .for("update", { skipLocked: true });
  }

  private async busy(pair: PortPair): Promise<number[]> {
    const ports = [pair.vnc, pair.cdp];
    const free = await Promise.all(ports.map((port) => this.options.isFree(port)));
    return ports.filter((_, at) => !free[at]);
  }

  private mine() {
    return eq(portAllocations.instance, this.options.instance);
  }
}

function asPair(rows: readonly { port: number; pool: Pool }[]): PortPair | null {
  const vnc = rows.find((row) => row.pool === "vnc")?.port;
  const cdp = rows.find((row) => row.pool === "cdp")?.port;
  return vnc === undefined || cdp === undefined ? null : { vnc, cdp };
}
