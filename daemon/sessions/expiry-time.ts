import { exactDuration } from "../../src/duration.ts";
import type { SessionRow } from "../store/sessions.ts";
import { expiredPrefix } from "./ending.ts";

/**
 * When a running session ends by itself, in milliseconds since the epoch, and why; null: never.
 * `lastUsed` is in the same unit.
 */
export function expiryOf(
  row: Pick<SessionRow, "ttlMs" | "idleMs" | "startedAt">,
  lastUsed: number | undefined,
): { at: number; reason: string } | null {
  const started = row.startedAt?.getTime() ?? 0;
  const { ttlMs, idleMs } = row;
  const ttl = ttlMs !== null && {
    at: started + ttlMs,
    reason: `${expiredPrefix}its time to live (${exactDuration(ttlMs)}) is over`,
  };
  const idle = idleMs !== null && {
    at: Math.max(started, lastUsed ?? 0) + idleMs,
    reason: `${expiredPrefix}not used for ${exactDuration(idleMs)}`,
  };
  return (ttl && (!idle || ttl.at <= idle.at) ? ttl : idle) || null;
}
