import { join } from "node:path";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import type { TestDaemon } from "./daemon.ts";

const project = join(import.meta.dir, "../..");
const inspector = Bun.resolveSync("@modelcontextprotocol/inspector/package.json", project);

/** The official client of the protocol: `auto` speaks its newest revision, `legacy` that of 2025-11-25. */
export type Revision = "auto" | "legacy";

function newClient(mode: Revision): Client {
  return new Client({ name: "test", version: "1" }, { versionNegotiation: { mode } });
}

export async function overHttp(
  daemon: TestDaemon,
  query: string,
  mode: Revision = "legacy",
  token = daemon.token,
): Promise<Client> {
  const client = newClient(mode);
  const headers = { authorization: `Bearer ${token}` };
  const url = new URL(`/mcp?${query}`, daemon.url);
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers } }));
  return client;
}

/** Command line of `nexora mcp`. */
export function stdioCommand(...flags: string[]): { command: string; args: string[] } {
  const binary = process.env.NEXORA_TEST_BINARY;
  const [command = "", ...args] = binary ? [binary] : ["bun", join(project, "nexora.ts")];
  return { command, args: [...args, "mcp", ...flags] };
}

export async function overStdio(
  daemon: TestDaemon,
  mode: Revision = "legacy",
  ...flags: string[]
): Promise<Client> {
  const client = newClient(mode);
  const env = { PATH: process.env.PATH ?? "", NEXORA_HOME: daemon.home };
  await client.connect(new StdioClientTransport({ ...stdioCommand(...flags), env }));
  return client;
}

export interface Answer {
  content: { type: string; text?: string; data?: string; mimeType?: string }[];
  structuredContent?: Record<string, unknown>;
  isError?: boolean;
}

export async function call(
  client: Client,
  tool: string,
  given: object = {},
  options: object = {},
): Promise<Answer> {
  return (await client.callTool({ name: tool, arguments: { ...given } }, options)) as Answer;
}

export function textOf({ content }: Answer): string {
  return content.map(({ text }) => text ?? "").join("\n");
}

/** What the command line of the MCP Inspector, with that home, prints of a request to a server. */
export async function inspect(
  { home }: TestDaemon,
  server: readonly string[],
  method: string,
  ...more: string[]
): Promise<Record<string, unknown>> {
  const launcher = join(inspector, "../clients/launcher/build/index.js");
  const words = ["--cli", ...server, "--method", method, ...more];
  const child = Bun.spawn([process.execPath, launcher, ...words], {
    env: { PATH: process.env.PATH, HOME: home },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, problem] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  if ((await child.exited) !== 0) throw new Error(`the Inspector failed: ${problem}`);
  return JSON.parse(out);
}
