import { rmSync } from "node:fs";
import http from "node:http";
import { asNexoraError, NexoraError } from "../../src/contract/errors.ts";
import { keepClientsAlive } from "../../src/keep-alive.ts";
import { codeOf } from "../../src/thrown.ts";
import type { Principal } from "../principals/principal.ts";
import { inApiWords, isCommandLine } from "./api/words.ts";
import { admit, type Policy, protect, type Transport } from "./policy.ts";
import { serveUnix } from "./unix.ts";

/** What the server knows of a request that it has let in. */
export interface Admitted {
  principal: Principal;
  /** Makes a WebSocket of the request; false when it does not ask for one. Reply with null then. */
  upgrade(socket: SocketHandler): boolean;
}

/** Takes what a WebSocket's client sends. */
interface SocketHandler {
  opened(socket: Bun.ServerWebSocket<SocketHandler>): void;
  received(message: string | Buffer): void;
  /** The client takes messages again. */
  drained(): void;
  closed(): void;
}

/** Routes that are under one policy: the API; later the page, MCP and the gateway. */
export interface RouteGroup {
  /** Whether the group answers for a path. The first that does is asked. */
  covers(path: string): boolean;
  policy: Policy;
  /** Null: the request has become a WebSocket. */
  answer(request: Request, admitted: Admitted): Promise<Response | null>;
}

export interface ListenOptions {
  /** Path of the Unix socket. */
  socket: string;
  /** TCP port on 127.0.0.1, 0 for any; undefined: 9301, or any when that one is taken. */
  port: number | undefined;
}

/** Longest body of all, in bytes; JSON bodies have a limit of their own, streams are not held. */
const maxBody = Number.MAX_SAFE_INTEGER;
/**
 * Longest message of a WebSocket, and most that may wait for a slow client, in bytes: a picture of a
 * long page, say.
 */
const maxMessage = 64 * 1024 * 1024;

/** Longest head of a request, in bytes: its URL and header fields; as in Node.js. */
const maxHead = 16 * 1024;
/** What Bun itself takes of it, in bytes: what is longer it refuses with a 431 that has no body. */
const maxReadHead = 256 * 1024;

const usualPort = 9301;

export interface Listening {
  url: string;
  /** Ends open requests and both listeners. */
  stop(): Promise<void>;
}

/**
 * Listens on the Unix socket (0600) and on 127.0.0.1. The caller holds the home's lock, so a
 * socket that is there is a dead daemon's. The last group covers every path.
 */
export function listen(groups: readonly RouteGroup[], { socket, port }: ListenOptions): Listening {
  // Bun's servers go by it as well.
  (http as { maxHeaderSize: number }).maxHeaderSize = maxReadHead;
  const unix = serveUnix<SocketHandler>(socket, options(groups, "unix"));
  const tcp = listenTcp(port, options(groups, "tcp"));
  keepClientsAlive();
  return {
    url: `http://127.0.0.1:${tcp.port}`,
    stop: async () => {
      await Promise.all([unix.stop(true), tcp.stop(true)]);
      rmSync(socket, { force: true });
    },
  };
}

function options(groups: readonly RouteGroup[], transport: Transport) {
  return {
    maxRequestBodySize: maxBody,
    // Streams may be quiet for long; each operation has a deadline of its own.
    idleTimeout: 0,
    // Bun's page for developers, and the source lines that it prints, are for nobody here.
    development: false,
    // Which Bun sets without it: then two daemons share a port, and each gets the other's requests.
    reusePort: false,
    error: (error: Error) => Response.json(asNexoraError(error), { status: 500 }),
    websocket: {
      idleTimeout: 0,
      maxPayloadLength: maxMessage,
      backpressureLimit: maxMessage,
      closeOnBackpressureLimit: true,
      open: (socket: Bun.ServerWebSocket<SocketHandler>) => socket.data.opened(socket),
      message: ({ data }: Bun.ServerWebSocket<SocketHandler>, message: string | Buffer) =>
        data.received(message),
      drain: ({ data }: Bun.ServerWebSocket<SocketHandler>) => data.drained(),
      close: ({ data }: Bun.ServerWebSocket<SocketHandler>) => data.closed(),
    },
    fetch: (request: Request, server: Bun.Server<SocketHandler>) =>
      answer(groups, request, transport, server),
  };
}

async function answer(
  groups: readonly RouteGroup[],
  request: Request,
  transport: Transport,
  server: Bun.Server<SocketHandler>,
): Promise<Response | undefined> {
  const path = URL.parse(request.url)?.pathname;
  if (path === undefined) return Response.json(noAddress, { status: noAddress.status });
  const group = groups.find((each) => each.covers(path));
  if (!group) return new Response(null, { status: 404 });
  let reply: Response | null;
  try {
    checkHead(request);
    const principal = await admit(group.policy, request, transport);
    const upgrade = (data: SocketHandler) => server.upgrade(request, { data });
    reply = await group.answer(request, { principal, upgrade });
  } catch (thrown) {
    const error = asNexoraError(thrown);
    const body = isCommandLine(request) ? error : inApiWords(error);
    reply = Response.json(body, { status: error.status });
  }
  if (reply) protect(group.policy, reply.headers);
  return reply ?? undefined;
}

const noAddress = new NexoraError(
  "usage",
  "the request's Host header is missing, or names no host",
);

function checkHead({ url, headers }: Request): void {
  let length = url.length;
  for (const [name, value] of headers) length += name.length + value.length + 4;
  if (length <= maxHead) return;
  throw new NexoraError(
    "headers_too_large",
    `the request's URL and headers are over the limit of ${maxHead} bytes`,
    { hint: "send what is long in the body" },
  );
}

function listenTcp(
  port: number | undefined,
  common: ReturnType<typeof options>,
): Bun.Server<SocketHandler> {
  try {
    return Bun.serve({ hostname: "127.0.0.1", port: port ?? usualPort, ...common });
  } catch (cause) {
    if (codeOf(cause) !== "EADDRINUSE") throw cause;
    // The daemon of another home has it: clients find ours by its registration.
    if (port === undefined) return listenTcp(0, common);
    throw new NexoraError("conflict", `port ${port} on 127.0.0.1 is already in use`, {
      hint: "set `daemon.port` in the configuration to another port, or to 0 for any",
      cause,
    });
  }
}
