import type { Session } from "../../src/contract/session.ts";
import type { Endpoints } from "../drivers/driver.ts";
import type { SessionRow } from "../store/sessions.ts";

/** The wire form of a row; `live` while it runs. */
export function sessionOf(
  row: SessionRow,
  live: { endpoints: Endpoints; unhealthy: string | null; recovered: string | null } | undefined,
  expiresAt: Date | null,
): Session {
  const { vnc, cdp } = live?.endpoints ?? {};
  const { id, name, state, reason, workspace, image, profile, network, notices } = row;
  return {
    id,
    name,
    state,
    reason,
    unhealthy: live?.unhealthy ?? null,
    workspace,
    image,
    size: { width: row.width, height: row.height },
    profile,
    network,
    ports: vnc === undefined || cdp === undefined ? null : { vnc, cdp },
    limits: { cpus: row.cpus, memoryBytes: row.memoryBytes, pids: row.pids },
    node: row.node,
    engine: row.engine,
    uid: row.uid,
    gid: row.gid,
    ttlMs: row.ttlMs,
    idleMs: row.idleMs,
    restart: row.restart,
    runtime: row.runtime,
    models: row.models,
    expiresAt: expiresAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
    readyMs: row.readyMs,
    notices: live?.recovered ? [...notices, live.recovered] : notices,
  };
}
