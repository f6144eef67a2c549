import type { Server } from "@modelcontextprotocol/server";
import { StdioServerTransport, serveStdio } from "@modelcontextprotocol/server/stdio";
import { operations } from "../contract/index.ts";
import { ListenTransport } from "./listens.ts";
import type { McpOptions } from "./options.ts";
import { mcpServer } from "./server.ts";
import { Watching } from "./watching.ts";

/** Speaks the Model Context Protocol on this process's standard input and output, until they or `signal` end. */
export async function serveMcp(
  given: Omit<McpOptions, "operations">,
  signal: AbortSignal,
): Promise<void> {
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  for (const event of ["end", "close", "error"]) process.stdin.once(event, () => end());
  signal.addEventListener("abort", () => end(), { once: true });
  const options = { operations, ...given };
  let server: Server | null = null;
  // Who has gone need not be told.
  const told = (telling: Promise<void> | undefined) => void telling?.catch(() => {});
  using watching = new Watching(options, {
    screenChanged: (uri) => told(server?.sendResourceUpdated({ uri })),
    sessionsChanged: () => told(server?.sendResourceListChanged()),
  });
  await watching.hear(true);
  const transport = new ListenTransport(new StdioServerTransport(), watching, options.session);
  const handle = serveStdio(
    ({ era }) => {
      server = mcpServer(options, era === "legacy" ? watching : null);
      return server;
    },
    { transport },
  );
  await over;
  await handle.close();
}
