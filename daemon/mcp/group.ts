import type { Policy } from "../http/policy.ts";
import type { RouteGroup } from "../http/server.ts";
import type { Registry } from "../operations/registry.ts";
import type { McpDoor } from "./door.ts";

/** `/mcp`: the Model Context Protocol over streamable HTTP. What serves it is loaded with the first request. */
export function mcpGroup(registry: Registry, policy: Policy): RouteGroup & AsyncDisposable {
  let door: Promise<McpDoor> | null = null;
  const opened = async () => new (await import("./door.ts")).McpDoor(registry);
  return {
    covers: (path) => path === "/mcp",
    policy,
    async answer(request, { principal }) {
      door ??= opened();
      return (await door).answer(request, principal);
    },
    async [Symbol.asyncDispose]() {
      await (await door)?.[Symbol.asyncDispose]();
    },
  };
}
