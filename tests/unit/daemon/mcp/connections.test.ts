import { expect, test } from "bun:test";
import { Connections } from "../../../../daemon/mcp/connections.ts";
import type { Principal } from "../../../../daemon/principals/principal.ts";
import { operations } from "../../../../src/contract/index.ts";
import type { Beside, McpOptions } from "../../../../src/mcp/options.ts";
import { mcpServer } from "../../../../src/mcp/server.ts";
import { Watching } from "../../../../src/mcp/watching.ts";

const beside: Beside = { call: async () => ({}), follow: () => new ReadableStream() as never };
const its: McpOptions = { operations, tools: "usual", session: null, call: beside.call, beside };
const made = () => {
  const watching = new Watching(its, { screenChanged() {}, sessionsChanged() {} });
  return { server: mcpServer(its, watching), watching };
};

const caller = (ended: AbortSignal): Principal => {
  const validity = { expiresAt: null, ended };
  return { kind: "token", name: "t", scope: "read", sessions: null, validity };
};

const send = (body: object, id: string | null) =>
  new Request("http://x/mcp", {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...(id === null ? {} : { "mcp-session-id": id }),
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, ...body }),
  });
const clientInfo = { name: "test", version: "1" };
const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo };

/** Connections of one caller; those of one `owner` know each other's. */
function opened(ended = new AbortController().signal) {
  const connections = new Connections();
  const answer = (request: Request, owner: string) =>
    connections.answer(request, caller(ended), owner, made);
  return {
    connections,
    async open(owner: string): Promise<string> {
      const reply = await answer(send({ method: "initialize", params }, null), owner);
      return reply.headers.get("mcp-session-id") ?? "";
    },
    status: async (id: string, owner: string) =>
      (await answer(send({ method: "ping" }, id), owner)).status,
  };
}

test("a connection ends with its caller's token", async () => {
  const token = new AbortController();
  const { connections, open, status } = opened(token.signal);
  await using _all = connections;
  const id = await open("a");
  expect(await status(id, "a")).toBe(200);
  token.abort();
  expect(await status(id, "a")).toBe(404);
});

test("a caller has a bounded number, whatever they were opened for", async () => {
  const { connections, open, status } = opened();
  await using _all = connections;
  const ids: string[] = [];
  for (let at = 0; at <= 32; at++) ids.push(await open(`owner ${at}`));
  expect(await status(ids[0] ?? "", "owner 0")).toBe(404);
  expect(await status(ids[1] ?? "", "owner 1")).toBe(200);
});
