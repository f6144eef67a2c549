import { createMcpHandler, isLegacyRequest } from "@modelcontextprotocol/server";
import { NexoraError } from "../../src/contract/errors.ts";
import type { OutputItem } from "../../src/contract/index.ts";
import type { Operation } from "../../src/contract/operation.ts";
import { type Beside, type McpOptions, operationOf } from "../../src/mcp/options.ts";
import { mcpServer } from "../../src/mcp/server.ts";
import { Watching } from "../../src/mcp/watching.ts";
import { readJsonBody } from "../http/api/fields.ts";
import { inApiWords } from "../http/api/words.ts";
import type { Registry } from "../operations/registry.ts";
import type { Principal } from "../principals/principal.ts";
import { Connections, maxMessage, type Served } from "./connections.ts";
import { Listening } from "./listening.ts";

const limits = { maxRequestBodySize: maxMessage };

/**
 * Gives the operations as tools, and screens as resources. `?session=NAME` binds all to one session,
 * `?tools=all` gives every operation. Clients of the revisions before 2026-07-28 keep a connection.
 */
export class McpDoor implements AsyncDisposable {
  private readonly connections = new Connections();

  constructor(private readonly registry: Registry) {}

  async answer(request: Request, principal: Principal): Promise<Response> {
    const { tools, session } = wanted(new URL(request.url));
    const { operations } = this.registry;
    const beside = besideOf(this.registry, principal);
    const options = { operations, tools, session, call: beside.call, beside };
    // A request must say in its headers what it is (MCP 2026-07-28, "Standard Headers").
    if (request.headers.get("mcp-method") === "subscriptions/listen") {
      return listen(untilEnd(request, principal), options);
    }
    if (await isLegacyRequest(request, undefined, limits)) {
      const { kind, name, scope, sessions } = principal;
      const bound = sessions && [...sessions].sort();
      const owner = JSON.stringify([kind, name, scope, bound, tools, session]);
      return this.connections.answer(request, principal, owner, () => served(options));
    }
    const handler = createMcpHandler(() => mcpServer(options, null), {
      legacy: "reject",
      ...limits,
    });
    return handler.fetch(request);
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

function served(options: McpOptions): Served {
  // Who has gone need not be told.
  const told = (telling: Promise<void>) => void telling.catch(() => {});
  const watching = new Watching(options, {
    screenChanged: (uri) => told(server.sendResourceUpdated({ uri })),
    sessionsChanged: () => told(server.sendResourceListChanged()),
  });
  const server = mcpServer(options, watching);
  return { server, watching };
}

/** The request, which is given up also when its caller's token ends. */
function untilEnd(request: Request, { validity }: Principal): Request {
  if (!validity) return request;
  return new Request(request, { signal: AbortSignal.any([request.signal, validity.ended]) });
}

async function listen(request: Request, options: McpOptions): Promise<Response> {
  const parsedBody = await readJsonBody(request);
  const bus = await Listening.begin(parsedBody, options);
  try {
    const handler = createMcpHandler(() => mcpServer(options, null), { legacy: "reject", bus });
    return await handler.fetch(request, { parsedBody });
  } finally {
    if (!bus.isHeard) bus[Symbol.dispose]();
  }
}

/** Replies and errors in the API's words: a model has no command line. */
function besideOf(registry: Registry, principal: Principal): Beside {
  const call = async (
    operation: Operation,
    fields: Record<string, unknown>,
    signal: AbortSignal,
  ) => {
    try {
      return inApiWords(await registry.reply(operation, { principal, fields, signal }));
    } catch (error) {
      throw error instanceof NexoraError ? NexoraError.fromJSON(inApiWords(error)) : error;
    }
  };
  return {
    call,
    async *follow(id, fields, signal) {
      const operation = operationOf(registry.operations, id);
      const items = await registry.stream(operation, { principal, fields, signal });
      yield* items as AsyncIterable<OutputItem<typeof id>>;
    },
  };
}
