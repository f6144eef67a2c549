import { readFileSync } from "node:fs";

/** What a running daemon writes to `daemon.json` once it listens: where it is, and who. */
export interface Registration {
  pid: number;
  version: string;
  /** Of the TCP listener, for example `http://127.0.0.1:9301`. */
  url: string;
  socket: string;
  /** ISO 8601. */
  startedAt: string;
  /** Id of the home, which labels what the daemon makes in Docker. */
  instance: string;
}

/**
 * The registration in a file, or null when there is none or it is not one. It is a claim: a
 * daemon that was killed leaves it behind, so ask the daemon itself before believing it.
 */
export function readRegistration(path: string): Registration | null {
  try {
    return asRegistration(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return null;
  }
}

/** What a file or a daemon says, if it is a registration. */
export function asRegistration(value: unknown): Registration | null {
  const it = (typeof value === "object" && value !== null ? value : {}) as Partial<Registration>;
  return Number.isSafeInteger(it.pid) && typeof it.version === "string"
    ? (it as Registration)
    : null;
}
