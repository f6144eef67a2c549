import { NexoraError } from "../../src/contract/errors.ts";
import { type Pool, type Pools, poolNames } from "./pools.ts";

/** Who holds a port of a pool. */
export interface PortHolder {
  port: number;
  pool: Pool;
  session: { id: string; name: string };
}

/** Holders that a message names before it only counts. */
const named = 20;

/** The error that says who holds the ports of each pool that has none left. */
export function exhausted(
  pools: Pools,
  holders: readonly PortHolder[],
  foreign: readonly number[],
): NexoraError {
  const full = poolNames.map((pool) => describe(pool, pools[pool], holders, foreign));
  const used = full.filter((pool) => pool.free <= 0);
  const details = (used.length > 0 ? used : full).map((pool) => pool.text);
  return new NexoraError("ports_exhausted", `no port is free: ${details.join("; ")}`, {
    hint: "remove a session with `nexora session rm NAME`, or widen the port ranges in the configuration",
    details: {
      holders: holders.map(({ port, pool, session }) => ({ port, pool, session: session.name })),
      foreign: [...foreign],
    },
  });
}

function describe(
  pool: Pool,
  [first, last]: readonly [number, number],
  holders: readonly PortHolder[],
  foreign: readonly number[],
): { text: string; free: number } {
  const within = (port: number) => port >= first && port <= last;
  const taken = [
    ...holders
      .filter((holder) => holder.pool === pool && within(holder.port))
      .map((holder) => ({ port: holder.port, by: holder.session.name })),
    ...foreign.filter(within).map((port) => ({ port, by: "another program" })),
  ].sort((a, b) => a.port - b.port);
  const list = taken.slice(0, named).map(({ port, by }) => `${by} (${port})`);
  if (taken.length > named) list.push(`and ${taken.length - named} more`);
  return {
    text: `${pool.toUpperCase()} ${first}–${last} is used by ${list.join(", ")}`,
    free: last - first + 1 - taken.length,
  };
}
