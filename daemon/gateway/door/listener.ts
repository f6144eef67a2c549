import { NexoraError } from "../../../src/contract/errors.ts";
import { keepClientsAlive } from "../../../src/keep-alive.ts";
import { codeOf } from "../../../src/thrown.ts";
import type { Door } from "./door.ts";

/** Where the gateway listens unless the configuration says so, or another daemon's does. */
const usualPort = 9300;
/** Above what the door itself refuses: what Bun refuses has no body that says why. */
const maxBody = Number.MAX_SAFE_INTEGER;

export interface Listener {
  url: string;
  /** Ends open requests. */
  stop(): Promise<void>;
}

/** Listens on 127.0.0.1. `port`: 0 is any; undefined: 9300, or any when that is taken. Throws `conflict`. */
export function listen(door: Door, port: number | undefined): Listener {
  const server = serve(door, port);
  keepClientsAlive();
  return { url: `http://127.0.0.1:${server.port}`, stop: () => server.stop(true) };
}

function serve(door: Door, port: number | undefined): Bun.Server<undefined> {
  try {
    return Bun.serve({
      hostname: "127.0.0.1",
      port: port ?? usualPort,
      maxRequestBodySize: maxBody,
      // A model may think for long before it says anything.
      idleTimeout: 0,
      development: false,
      reusePort: false,
      error: () => new Response(null, { status: 500 }),
      fetch: (request) => door.fetch(request),
    });
  } catch (cause) {
    if (codeOf(cause) !== "EADDRINUSE") throw cause;
    if (port === undefined) return serve(door, 0);
    throw new NexoraError("conflict", `port ${port} on 127.0.0.1 is already in use`, {
      hint: "set `gateway.port` in the configuration to another port, or to 0 for any",
      cause,
    });
  }
}
