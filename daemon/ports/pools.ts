import { and, eq, inArray } from "drizzle-orm";
import { NexoraError } from "../../src/contract/errors.ts";
import type { Database } from "../store/database.ts";
import { portAllocations } from "../store/schema.ts";

export type Pool = "vnc" | "cdp";
/** First and last port of each pool. */
export type Pools = Readonly<Record<Pool, readonly [number, number]>>;

/** More would only be a slip in the configuration. */
const maxPool = 1000;

export const poolNames = ["vnc", "cdp"] as const;

/**
 * Makes the rows of an instance match its pools, at start and under the home's lock: missing ports
 * are added, free ones outside of the pools go, and a port that a session holds stays as it is.
 * Throws `config_invalid` when a range is not one or the two overlap.
 */
export async function seedPools(db: Database, instance: string, pools: Pools): Promise<void> {
  for (const pool of poolNames) checkRange(pool, pools[pool]);
  if (pools.vnc[0] <= pools.cdp[1] && pools.cdp[0] <= pools.vnc[1]) {
    throw invalid(`the port ranges ${text(pools.vnc)} (VNC) and ${text(pools.cdp)} (CDP) overlap`);
  }
  const mine = eq(portAllocations.instance, instance);
  const rows = await db.select().from(portAllocations).where(mine);
  const fits = ({ pool, port }: { pool: Pool; port: number }) =>
    port >= pools[pool][0] && port <= pools[pool][1];
  const kept = rows.filter((row) => row.sessionId || fits(row)).map((row) => row.port);
  const stale = rows.map((row) => row.port).filter((port) => !kept.includes(port));
  const missing = poolNames
    .flatMap((pool) => range(pools[pool]).map((port) => ({ pool, port, instance })))
    .filter(({ port }) => !kept.includes(port));
  if (stale.length > 0) {
    await db.delete(portAllocations).where(and(mine, inArray(portAllocations.port, stale)));
  }
  if (missing.length > 0) await db.insert(portAllocations).values(missing);
}

function checkRange(pool: Pool, [first, last]: readonly [number, number]): void {
  const valid = [first, last].every((port) => Number.isInteger(port) && port > 0 && port < 65536);
  if (!valid || first > last || last - first >= maxPool) {
    throw invalid(`${first}-${last} is not a range of at most ${maxPool} ports (${pool})`);
  }
}

function range([first, last]: readonly [number, number]): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

function text([first, last]: readonly [number, number]): string {
  return `${first}–${last}`;
}

function invalid(message: string): NexoraError {
  return new NexoraError("config_invalid", message, {
    hint: "change the port ranges in the configuration",
  });
}
