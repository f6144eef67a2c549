import { type CallToolRequest, Server, type ServerContext } from "@modelcontextprotocol/server";
import { NexoraError } from "../contract/errors.ts";
import { version } from "../version.ts";
import type { McpOptions } from "./options.ts";
import { progressOf } from "./progress.ts";
import { failureOf, resultOf, type ToolResult } from "./results.ts";
import {
  asProtocolError,
  checkScreen,
  readScreen,
  runningScreens,
  screenTemplates,
} from "./screens.ts";
import { isCallable, type Tool, toolOf } from "./tool.ts";
import { usualTools } from "./usual-tools.ts";
import type { Watching } from "./watching.ts";

/**
 * A server of the Model Context Protocol that gives operations as tools, and screens as resources: one for
 * each connection or request. `watching`: of a client of the revisions before 2026-07-28, which
 * subscribes by requests of its own.
 */
export function mcpServer(options: McpOptions, watching: Watching | null): Server {
  const tools = toolsOf(options);
  const resources = { subscribe: true, listChanged: true };
  const server = new Server(
    { name: "nexora", title: "Nexora", version },
    { capabilities: { tools: {}, resources }, instructions },
  );
  server.setRequestHandler("tools/list", () => ({
    tools: [...tools.values()].map(({ definition }) => definition),
  }));
  server.setRequestHandler("tools/call", async ({ params }, context) => {
    using _progress = progressOf(context.mcpReq);
    // Returned at once, the call would go on without its progress.
    return await called(tools, params, options, goneOf(context));
  });
  serveScreens(server, options, watching);
  return server;
}

function serveScreens(server: Server, options: McpOptions, watching: Watching | null): void {
  server.setRequestHandler("resources/list", async (_request, context) => {
    return { resources: await runningScreens(options, options.call, goneOf(context)) };
  });
  server.setRequestHandler("resources/templates/list", () => ({
    resourceTemplates: screenTemplates,
  }));
  server.setRequestHandler("resources/read", ({ params }, context) =>
    readScreen(params.uri, options, goneOf(context)),
  );
  if (!watching) return;
  server.oninitialized = () => void watching.want({ screens: new Set(), sessions: true });
  server.setRequestHandler("resources/subscribe", async ({ params: { uri } }, context) => {
    await checkScreen(uri, options, goneOf(context));
    await watching.wantScreen(uri, true).catch((error) => {
      throw asProtocolError(uri, error);
    });
    return {};
  });
  server.setRequestHandler("resources/unsubscribe", async ({ params: { uri } }) => {
    await watching.wantScreen(uri, false);
    return {};
  });
}

/** Aborts when a request is cancelled, and when its client has gone without a word. */
function goneOf({ mcpReq: { signal }, http }: ServerContext): AbortSignal {
  return http?.req ? AbortSignal.any([signal, http.req.signal]) : signal;
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
