import { join } from "node:path";
import type { Environment } from "../context.ts";

type Json = Record<string, unknown>;

/** How an agent's client gets at Nexora: it starts a program, or asks the daemon. */
export type Server =
  | { command: string; args: readonly string[]; env: Readonly<Record<string, string>> }
  | { url: string };

/** A client of the Model Context Protocol: where its configuration is, and what it says of a server. */
export interface AgentClient {
  /** The file of the user; null: there is only that of a project. */
  user(home: string, env: Environment): string | null;
  /** The file of a project, in its folder. */
  project: string;
  format: "json" | "toml";
  /** Name of the table of servers. */
  servers: string;
  /** What is said of a server. Tokens are never in it: it names the variable NEXORA_TOKEN. */
  entry(server: Server): Json;
  /** What else must be in the file for that: lists, with the key by which their items are known. */
  besides?(server: Server): { list: string; key: string; item: Json } | null;
}

/** The variable that has the token when the daemon is asked over HTTP. */
export const tokenVariable = "NEXORA_TOKEN";

const bearer = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } });
const isHttp = (server: Server): server is { url: string } => "url" in server;
const program = ({ command, args, env }: Exclude<Server, { url: string }>) => ({
  command,
  args,
  ...(Object.keys(env).length > 0 ? { env } : {}),
});

/** Each as its own documentation has it, in November 2026. */
export const agentClients: Readonly<Record<string, AgentClient>> = {
  claude: {
    user: (home, env) => join(env.CLAUDE_CONFIG_DIR || home, ".claude.json"),
    project: ".mcp.json",
    format: "json",
    servers: "mcpServers",
    entry: (server) =>
      isHttp(server)
        ? { type: "http", url: server.url, ...bearer(`\${${tokenVariable}}`) }
        : { type: "stdio", ...program(server) },
  },
  codex: {
    user: (home, env) => join(env.CODEX_HOME || join(home, ".codex"), "config.toml"),
    project: ".codex/config.toml",
    format: "toml",
    servers: "mcp_servers",
    entry: (server) =>
      isHttp(server) ? { url: server.url, bearer_token_env_var: tokenVariable } : program(server),
  },
  gemini: {
    user: (home) => join(home, ".gemini/settings.json"),
    project: ".gemini/settings.json",
    format: "json",
    servers: "mcpServers",
    entry: (server) =>
      isHttp(server) ? { httpUrl: server.url, ...bearer(`$${tokenVariable}`) } : program(server),
  },
  cursor: {
    user: (home) => join(home, ".cursor/mcp.json"),
    project: ".cursor/mcp.json",
    format: "json",
    servers: "mcpServers",
    entry: (server) =>
      isHttp(server) ? { url: server.url, ...bearer(`\${env:${tokenVariable}}`) } : program(server),
  },
  vscode: {
    // That of the user lies in a profile, whose name only the editor knows.
    user: () => null,
    project: ".vscode/mcp.json",
    format: "json",
    servers: "servers",
    entry: (server) =>
      isHttp(server)
        ? { type: "http", url: server.url, ...bearer(`\${input:${tokenInput.id}}`) }
        : { type: "stdio", ...program(server) },
    besides: (server) => (isHttp(server) ? { list: "inputs", key: "id", item: tokenInput } : null),
  },
};

const tokenInput = {
  type: "promptString",
  id: "nexora_token",
  description: "Token of Nexora (nexora token new)",
  password: true,
};
