import type { Server } from "bun";
import { asNexoraError, NexoraError } from "../../../../src/contract/errors.ts";
import { keepClientsAlive } from "../../../../src/keep-alive.ts";
import { runnerPort } from "../../../../src/runner/protocol.ts";
import { openTunnel, proxyDevtoolsJson, type Tunnel, tunnelHandler } from "../browser/devtools.ts";
import { createGuard } from "./auth.ts";
import { onListener } from "./listener.ts";

export type Handler = (request: Request, url: URL) => Response | Promise<Response>;

/** Longest body of any request, in bytes, which is to say none: a tunnel's lasts as long as its daemon. */
const maxBody = 2 ** 50;

/**
 * Serves the runner's HTTP on all the container's addresses, every request behind the token.
 * `routes` are keyed by method and path, for example `POST /runner/exec`. `inherited` is a socket that
 * listens on the runner's port already.
 */
export function serve(
  token: string,
  routes: Record<string, Handler>,
  inherited: number | null,
): Server<Tunnel> {
  const guard = createGuard(token);
  const answer = async (request: Request, server: Server<Tunnel>) => {
    guard(request);
    const url = new URL(request.url);
    if (url.pathname.startsWith("/devtools/")) return openTunnel(request, server);
    if (/^\/json(\/|$)/.test(url.pathname)) return proxyDevtoolsJson(request);
    const handler = routes[`${request.method} ${url.pathname}`];
    if (handler) return handler(request, url);
    throw new NexoraError("not_found", `the runner has no ${request.method} ${url.pathname}`);
  };
  const options = {
    // Quiet streams (events, exec, DevTools) live as long as their client.
    idleTimeout: 0,
    // Which is Bun's default outside of development: any program inside could take requests, with the token.
    reusePort: false,
    development: false,
    maxRequestBodySize: maxBody,
    websocket: tunnelHandler,
    fetch: (request: Request, server: Server<Tunnel>) =>
      answer(request, server).catch(errorResponse),
    error: errorResponse,
  };
  const server =
    inherited === null
      ? Bun.serve<Tunnel>({ ...options, hostname: "0.0.0.0", port: runnerPort })
      : onListener(inherited, () =>
          Bun.serve<Tunnel>({ ...options, hostname: "127.0.0.1", port: 0 }),
        );
  keepClientsAlive();
  return server;
}

function errorResponse(thrown: unknown): Response {
  const error = asNexoraError(thrown);
  return Response.json(error, { status: error.status });
}
