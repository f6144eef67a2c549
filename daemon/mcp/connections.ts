import { randomUUID } from "node:crypto";
import {
  type Server,
  WebStandardStreamableHTTPServerTransport,
} from "@modelcontextprotocol/server";

/** Connections of one caller that are kept; the one that was not used for longest makes room. */
const most = 32;
/** Longest message of a client, in bytes. */
export const maxMessage = 8 * 1024 * 1024;
const header = "mcp-session-id";

interface Connection {
  transport: WebStandardStreamableHTTPServerTransport;
  /** Whose it is, and what it was opened for: nobody else's requests belong to it. */
  owner: string;
}

/**
 * Clients of the revisions before 2026-07-28 open a connection, to which their later requests belong by a header
 * (MCP 2025-11-25, "Session Management").
 */
export class Connections implements AsyncDisposable {
  /** By the header's value; the one that was used last is the last. */
  private readonly open = new Map<string, Connection>();

  /** Answers a request; `make` gives the server of a new connection. */
  async answer(request: Request, owner: string, make: () => Server): Promise<Response> {
    const id = request.headers.get(header);
    if (id === null) return this.begin(request, owner, make);
    const known = this.open.get(id);
    if (known?.owner !== owner) return gone();
    this.open.delete(id);
    this.open.set(id, known);
    return known.transport.handleRequest(request);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { transport } of this.open.values()) await transport.close();
  }

  private async begin(request: Request, owner: string, make: () => Server): Promise<Response> {
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      maxRequestBodySize: maxMessage,
      onsessioninitialized: (id) => this.keep(id, { transport, owner }),
      onsessionclosed: (id) => void this.open.delete(id),
    });
    await make().connect(transport);
    return transport.handleRequest(request);
  }

  private keep(id: string, connection: Connection): void {
    this.open.set(id, connection);
    const own = [...this.open].filter(([, { owner }]) => owner === connection.owner);
    const [oldest] = own;
    if (own.length <= most || !oldest) return;
    this.open.delete(oldest[0]);
    void oldest[1].transport.close();
  }
}

/** The client is to open another one. */
function gone(): Response {
  const error = { code: -32001, message: "there is no such connection: open another one" };
  return Response.json({ jsonrpc: "2.0", id: null, error }, { status: 404 });
}
