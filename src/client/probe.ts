import { deadline } from "../abort.ts";
import type { Paths } from "../paths.ts";
import { type Registration, readRegistration } from "./registration.ts";

/** How long a daemon may take to say who it is, in milliseconds. */
const probeMs = 2_000;

/**
 * The running daemon of a home: its registration, once the daemon itself has confirmed pid and
 * version over HTTP. Null when none runs, or whoever answers is another.
 */
export async function findDaemon(paths: Paths, signal: AbortSignal): Promise<Registration | null> {
  const claim = readRegistration(paths.registration);
  if (claim === null) return null;
  try {
    // Not /v1/health, which asks Docker and the database and may have to wait for them.
    const reply = await fetch("http://localhost/v1/daemon", {
      unix: paths.socket,
      redirect: "error",
      proxy: "",
      signal: deadline(probeMs, signal),
    });
    const status = (await reply.json()) as { pid?: unknown; version?: unknown };
    return status.pid === claim.pid && status.version === claim.version ? claim : null;
  } catch {
    signal.throwIfAborted();
    return null;
  }
}
