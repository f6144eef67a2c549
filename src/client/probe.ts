import { deadline } from "../abort.ts";
import type { Paths } from "../paths.ts";
import { asRegistration, type Registration } from "./registration.ts";

/** How long a daemon may take to say who it is, in milliseconds. */
const probeMs = 2_000;

/**
 * The running daemon of a home, as it says itself on the home's socket, which nobody else can
 * listen on. Null when none answers. Its registration is not asked: the file may be gone.
 */
export async function findDaemon(paths: Paths, signal: AbortSignal): Promise<Registration | null> {
  try {
    // Not /v1/health, which asks Docker and the database and may have to wait for them.
    const reply = await fetch("http://localhost/v1/daemon", {
      unix: paths.socket,
      redirect: "error",
      proxy: "",
      signal: deadline(probeMs, signal),
    });
    return asRegistration(await reply.json());
  } catch {
    signal.throwIfAborted();
    return null;
  }
}
