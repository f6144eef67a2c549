import { createMcpHandler, isLegacyRequest } from "@modelcontextprotocol/server";
import { NexoraError } from "../../src/contract/errors.ts";
import type { Operation } from "../../src/contract/operation.ts";
import { mcpServer } from "../../src/mcp/server.ts";
import { inApiWords } from "../http/api/words.ts";
import type { Registry } from "../operations/registry.ts";
import type { Principal } from "../principals/principal.ts";
import { Connections, maxMessage } from "./connections.ts";

/**
 * Gives the operations as tools. `?session=NAME` binds all calls to one session, `?tools=all` gives every operation.
 * Clients of the revisions before 2026-07-28 keep a connection.
 */
export class McpDoor implements AsyncDisposable {
  private readonly connections = new Connections();

  constructor(private readonly registry: Registry) {}

  async answer(request: Request, principal: Principal): Promise<Response> {
    const { tools, session } = wanted(new URL(request.url));
    const { operations } = this.registry;
    const call = callAs(this.registry, principal);
    const make = () => mcpServer({ operations, tools, session, call });
    const limits = { maxRequestBodySize: maxMessage };
    if (await isLegacyRequest(request, undefined, limits)) {
      const { kind, name, scope, sessions } = principal;
      const bound = sessions && [...sessions].sort();
      const owner = JSON.stringify([kind, name, scope, bound, tools, session]);
      return this.connections.answer(request, owner, make);
    }
    return createMcpHandler(make, { legacy: "reject", ...limits }).fetch(request);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.connections[Symbol.asyncDispose]();
  }
}

function wanted({ searchParams }: URL): { tools: "usual" | "all"; session: string | null } {
  const tools = searchParams.get("tools") ?? "usual";
  if (tools === "usual" || tools === "all") return { tools, session: searchParams.get("session") };
  throw new NexoraError("usage", "tools must be `usual` or `all`");
}

/** Replies and errors in the API's words: a model has no command line. */
function callAs(registry: Registry, principal: Principal) {
  return async (operation: Operation, fields: Record<string, unknown>, signal: AbortSignal) => {
    try {
      return inApiWords(await registry.reply(operation, { principal, fields, signal }));
    } catch (error) {
      throw error instanceof NexoraError ? NexoraError.fromJSON(inApiWords(error)) : error;
    }
  };
}
