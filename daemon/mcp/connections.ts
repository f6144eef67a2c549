import { randomUUID } from "node:crypto";
import {
  type Server,
  WebStandardStreamableHTTPServerTransport,
} from "@modelcontextprotocol/server";
import type { Watching } from "../../src/mcp/watching.ts";
import { callerOf, type Principal } from "../principals/principal.ts";

/** Connections of one caller that are kept; the one that was not used for longest makes room. */
const most = 32;
/** Longest message of a client, in bytes. */
export const maxMessage = 8 * 1024 * 1024;
const header = "mcp-session-id";

/** The server of a connection, and what its client wants to be told of. */
export interface Served {
  server: Server;
  watching: Watching;
}

interface Connection {
  transport: WebStandardStreamableHTTPServerTransport;
  watching: Watching;
  caller: string;
  /** Whose it is, and what it was opened for: nobody else's requests belong to it. */
  owner: string;
  /** The streams that it takes notifications from. */
  streams: number;
}

/**
 * Clients of the revisions before 2026-07-28 open a connection, to which their later requests belong by a header
 * (MCP 2025-11-25, "Session Management").
 */
export class Connections implements AsyncDisposable {
  /** By the header's value; the one that was used last is the last. */
  private readonly open = new Map<string, Connection>();

  /** Answers a request; `make` gives the server of a new connection. */
  async answer(
    request: Request,
    principal: Principal,
    owner: string,
    make: () => Served,
  ): Promise<Response> {
    const id = request.headers.get(header);
    if (id === null) return this.begin(request, principal, owner, make);
    const known = this.open.get(id);
    if (known?.owner !== owner) return gone();
    this.open.delete(id);
    this.open.set(id, known);
    if (request.method === "GET") return listening(request, known);
    return known.transport.handleRequest(request);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { transport } of this.open.values()) await transport.close();
  }

  private async begin(
    request: Request,
    principal: Principal,
    owner: string,
    make: () => Served,
  ): Promise<Response> {
    const { server, watching } = make();
    const caller = callerOf(principal);
    const ended = principal.validity?.ended;
    const over = new AbortController();
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      maxRequestBodySize: maxMessage,
      onsessioninitialized: (id) => {
        this.keep(id, { transport, watching, caller, owner, streams: 0 });
        const close = () => this.close(id);
        ended?.addEventListener("abort", close, { once: true, signal: over.signal });
      },
      onsessionclosed: (id) => void this.open.delete(id),
    });
    server.onclose = () => {
      watching[Symbol.dispose]();
      over.abort();
    };
    await server.connect(transport);
    return transport.handleRequest(request);
  }

  private keep(id: string, connection: Connection): void {
    this.open.set(id, connection);
    const own = [...this.open].filter(([, { caller }]) => caller === connection.caller);
    const [oldest] = own;
    if (own.length > most && oldest) this.close(oldest[0]);
  }

  private close(id: string): void {
    const connection = this.open.get(id);
    this.open.delete(id);
    void connection?.transport.close();
  }
}

/** Opens the stream of notifications: a client hears of changes as long as it takes them. */
async function listening(request: Request, connection: Connection): Promise<Response> {
  const { transport, watching } = connection;
  const reply = await transport.handleRequest(request);
  if (!reply.ok || request.signal.aborted) return reply;
  connection.streams++;
  const over = () => watching.hear(--connection.streams > 0);
  request.signal.addEventListener("abort", over, { once: true });
  await watching.hear(true);
  return reply;
}

/** The client is to open another one. */
function gone(): Response {
  const error = { code: -32001, message: "there is no such connection: open another one" };
  return Response.json({ jsonrpc: "2.0", id: null, error }, { status: 404 });
}
