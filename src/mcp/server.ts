import { type CallToolRequest, Server } from "@modelcontextprotocol/server";
import { NexoraError } from "../contract/errors.ts";
import type { Operation } from "../contract/operation.ts";
import { version } from "../version.ts";
import { progressOf } from "./progress.ts";
import { failureOf, resultOf, type ToolResult } from "./results.ts";
import { isCallable, type Tool, toolOf } from "./tool.ts";
import { usualTools } from "./usual-tools.ts";

export interface McpOptions {
  operations: readonly Operation[];
  /** Those that do most of the work, or all. */
  tools: "usual" | "all";
  /** The session that all is about; null: each call names its own. */
  session: string | null;
  /** Carries an operation out. */
  call(
    operation: Operation,
    fields: Record<string, unknown>,
    signal: AbortSignal,
  ): Promise<unknown>;
}

/** A server of the Model Context Protocol that gives operations as tools: one for each connection or request. */
export function mcpServer(options: McpOptions): Server {
  const tools = toolsOf(options);
  const server = new Server(
    { name: "nexora", title: "Nexora", version },
    { capabilities: { tools: {} }, instructions },
  );
  server.setRequestHandler("tools/list", () => ({
    tools: [...tools.values()].map(({ definition }) => definition),
  }));
  server.setRequestHandler("tools/call", async ({ params }, { mcpReq, http }) => {
    using _progress = progressOf(mcpReq);
    // Also who goes without a word ends the call.
    const { signal } = mcpReq;
    const gone = http?.req ? AbortSignal.any([signal, http.req.signal]) : signal;
    return called(tools, params, options, gone);
  });
  return server;
}

const instructions =
  "A computer with a desktop. Tools that act answer with what they have changed on the screen, so look again only for the rest. Give what you expect as `wait`, rather than to look again and again.";

function toolsOf({ operations, tools, session }: McpOptions): Map<string, Tool> {
  const callable = operations.filter(isCallable);
  const all =
    tools === "all"
      ? callable.map((operation) => toolOf(operation, session))
      : callable.flatMap((operation) => {
          const form = usualTools[operation.id];
          return form ? [toolOf(operation, session, form)] : [];
        });
  return new Map(all.map((tool) => [tool.definition.name, tool]));
}

async function called(
  tools: ReadonlyMap<string, Tool>,
  { name, arguments: given = {} }: CallToolRequest["params"],
  { call, tools: offered }: McpOptions,
  signal: AbortSignal,
): Promise<ToolResult> {
  const structured = offered === "all";
  try {
    const tool = tools.get(name);
    if (!tool) throw new NexoraError("not_found", `there is no tool ${JSON.stringify(name)}`);
    const gone = new AbortController();
    const leave = () =>
      gone.abort(new NexoraError("interrupted", "the client has cancelled the call"));
    signal.addEventListener("abort", leave, { once: true });
    const reply = await call(tool.operation, tool.fieldsOf(given), gone.signal);
    return resultOf(tool.operation.id, reply, structured);
  } catch (error) {
    return failureOf(error, structured);
  }
}
