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
  const ttl = row.ttlMs === null ? null : started + row.ttlMs;
  const idle = row.idleMs === null ? null : Math.max(started, lastUsed ?? 0) + row.idleMs;
  if (ttl !== null && (idle === null || ttl <= idle)) {
    return { at: ttl, reason: `${expiredPrefix}its time to live (${spoken(row.ttlMs)}) is over` };
  }
  if (idle !== null) {
    return { at: idle, reason: `${expiredPrefix}not used for ${spoken(row.idleMs)}` };
  }
  return null;
}

function spoken(ms: number | null): string {
  const units = [
    ["d", 86_400_000],
    ["h", 3_600_000],
    ["m", 60_000],
    ["s", 1000],
  ] as const;
  for (const [unit, size] of units) {
    if (ms !== null && ms >= size && ms % size === 0) return `${ms / size} ${unit}`;
  }
  return `${ms} ms`;
}
