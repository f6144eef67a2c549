import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { operations } from "../contract/index.ts";
import { type McpOptions, mcpServer } from "./server.ts";

/** Speaks the Model Context Protocol on this process's standard input and output, until they or `signal` end. */
export async function serveMcp(
  options: Omit<McpOptions, "operations">,
  signal: AbortSignal,
): Promise<void> {
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  for (const event of ["end", "close", "error"]) process.stdin.once(event, () => end());
  signal.addEventListener("abort", () => end(), { once: true });
  const handle = serveStdio(() => mcpServer({ operations, ...options }));
  await over;
  await handle.close();
}
