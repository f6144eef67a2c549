import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "../../../src/client/client.ts";
import { itemsOf } from "../../../src/client/streams.ts";

test("an item may be as large as a picture of a script's may be", async () => {
  const folder = mkdtempSync(join(tmpdir(), "nexora-streams-"));
  const socket = join(folder, "daemon.sock");
  const bytes = Buffer.alloc(16 * 1024 * 1024);
  const picture = { type: "picture", name: "a.png", base64: bytes.toString("base64") };
  await using _server = Bun.serve({
    unix: socket,
    fetch: () => new Response(`\n${JSON.stringify(picture)}\n{"type":"result"}\n`),
  });
  try {
    const endpoint = { base: "http://localhost", socket };
    const client = new Client({ endpoint, version: "1.0.0" });
    const signal = AbortSignal.timeout(10_000);
    const fields = { session: "web", file: "a.ts" };
    const items: unknown[] = await Array.fromAsync(itemsOf(client, "chrome.run", fields, signal));
    expect(items.length).toBe(2);
    expect(Bun.deepEquals(items[0], picture)).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
