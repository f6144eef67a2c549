import { chmodSync, rmSync } from "node:fs";
import { NexoraError } from "../../src/contract/errors.ts";
import { operations } from "../../src/contract/index.ts";
import { version } from "../../src/version.ts";
import type { Transport } from "./guard.ts";
import { openapi } from "./openapi.ts";
import type { Router } from "./route.ts";

export interface ListenOptions {
  /** Path of the Unix socket. */
  socket: string;
  /** TCP port on 127.0.0.1, 0 for any; undefined: 9301, or any when that one is taken. */
  port: number | undefined;
}

interface Common {
  maxRequestBodySize: number;
  idleTimeout: number;
  fetch: (request: Request) => Response | Promise<Response>;
}

/** Longest body of all, in bytes; JSON bodies have a limit of their own, streams are not held. */
const maxBody = Number.MAX_SAFE_INTEGER;

const usualPort = 9301;

export interface Listening {
  url: string;
  /** Ends open requests and both listeners. */
  stop(): Promise<void>;
}

/**
 * Listens on the Unix socket (0600) and on 127.0.0.1. The caller holds the home's lock, so a
 * socket that is there is a dead daemon's.
 */
export function listen(router: Router, options: ListenOptions): Listening {
  const missing = operations.filter(({ id }) => !router.operations.has(id)).map(({ id }) => id);
  if (missing.length > 0) throw new Error(`operations without a route: ${missing.join(", ")}`);
  router.app.get("/openapi.json", () => Response.json(openapi(operations, version)));
  const common = (transport: Transport): Common => ({
    maxRequestBodySize: maxBody,
    // Streams may be quiet for long; each operation has a deadline of its own.
    idleTimeout: 0,
    fetch: (request) => router.app.fetch(request, { transport }),
  });
  rmSync(options.socket, { force: true });
  const before = process.umask(0o177);
  let unix: Bun.Server<undefined>;
  try {
    unix = Bun.serve(withUnix(options.socket, common("unix")));
  } finally {
    process.umask(before);
  }
  chmodSync(options.socket, 0o600);
  const tcp = listenTcp(options.port, common("tcp"));
  return {
    url: `http://127.0.0.1:${tcp.port}`,
    stop: async () => {
      await Promise.all([unix.stop(true), tcp.stop(true)]);
      rmSync(options.socket, { force: true });
    },
  };
}

function listenTcp(port: number | undefined, common: Common): Bun.Server<undefined> {
  try {
    return Bun.serve({ hostname: "127.0.0.1", port: port ?? usualPort, ...common });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EADDRINUSE") throw cause;
    // The daemon of another home has it: clients find ours by its registration.
    if (port === undefined) return listenTcp(0, common);
    throw new NexoraError("conflict", `port ${port} on 127.0.0.1 is held by another program`, {
      hint: "set `daemon.port` in the configuration to another port, or to 0 for any",
      cause,
    });
  }
}

/** Bun's types know no idle time-out for Unix sockets, but it is there, and 10 s by default. */
function withUnix(unix: string, common: Common): Bun.Serve.Options<undefined> {
  return { unix, ...common } as unknown as Bun.Serve.Options<undefined>;
}
