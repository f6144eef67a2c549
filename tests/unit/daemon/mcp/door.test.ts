import { expect, test } from "bun:test";
import { McpDoor } from "../../../../daemon/mcp/door.ts";
import type { Registry } from "../../../../daemon/operations/registry.ts";
import { operations } from "../../../../src/contract/index.ts";
import { principal } from "../../../support/registry.ts";

/** A request to be told when sessions come and go, as the revision 2026-07-28 has it. */
function listens(): Request {
  const version = "2026-07-28";
  const meta = {
    "io.modelcontextprotocol/protocolVersion": version,
    "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": {},
  };
  const params = { notifications: { resourcesListChanged: true }, _meta: meta };
  return new Request("http://x/mcp", {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": version,
      "mcp-method": "subscriptions/listen",
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "subscriptions/listen", params }),
  });
}

test("a stream of notifications ends with its caller's token", async () => {
  const reply = async () => ({ sessions: [] });
  const stream = async () => new ReadableStream();
  await using door = new McpDoor({ operations, reply, stream } as unknown as Registry);
  const token = new AbortController();
  const validity = { expiresAt: null, ended: token.signal };
  const told = await door.answer(listens(), principal({ validity }));
  expect(told.status).toBe(200);
  token.abort();
  expect(await told.text()).toContain("notifications/subscriptions/acknowledged");
});
