import { afterAll, beforeAll, expect, test } from "bun:test";
import { extract, pack } from "tar-stream";
import { TestDaemon } from "../support/daemon.ts";

let daemon: TestDaemon;
beforeAll(async () => {
  daemon = await TestDaemon.start();
  await daemon.newSession({ name: "files", workspace: null });
});
afterAll(() => daemon[Symbol.asyncDispose]());

const url = (path: string, route = "") =>
  `/v1/sessions/files/files${route}?path=${encodeURIComponent(path)}`;

test("a tar stream goes in, and the same bytes come out", async () => {
  const bytes = Buffer.from(crypto.getRandomValues(new Uint8Array(50_000)));
  const tar = pack();
  tar.entry({ name: "ä b/data.bin", mode: 0o640 }, bytes);
  tar.finalize();
  const body = Buffer.concat(await Array.fromAsync(tar as AsyncIterable<Uint8Array>));
  const put = await daemon.fetch(url("/tmp/in"), {
    method: "PUT",
    body,
    headers: { "content-type": "application/x-tar" },
  });
  expect(put.status).toBe(200);
  const reply = await daemon.fetch(url("/tmp/in/ä b"));
  const entries = new Map<string, Buffer>();
  const reader = extract();
  reader.end(Buffer.from(await reply.arrayBuffer()));
  for await (const entry of reader) {
    entries.set(
      entry.header.name,
      Buffer.concat(await Array.fromAsync(entry as AsyncIterable<Uint8Array>)),
    );
  }
  expect(entries.get("ä b/data.bin")?.equals(bytes)).toBe(true);
});

test("a path that is not there is named", async () => {
  const reply = await daemon.fetch(url("/tmp/missing"));
  expect(reply.status).toBe(404);
  expect(((await reply.json()) as { message: string }).message).toContain("/tmp/missing");
});

test("stat tells files, folders and nothing apart", async () => {
  const stat = async (path: string) =>
    ((await (await daemon.fetch(url(path, "/stat"))).json()) as { type: string }).type;
  expect([await stat("/tmp"), await stat("/etc/hostname"), await stat("/nope")]).toEqual([
    "directory",
    "file",
    "none",
  ]);
});

test("a body that is no tar is an error and leaves the daemon well", async () => {
  const reply = await daemon.fetch(url("/tmp/bad"), {
    method: "PUT",
    body: "this is not a tar archive, not even nearly".repeat(50),
    headers: { "content-type": "application/x-tar" },
  });
  expect(reply.status).toBe(422);
  expect((await daemon.fetch("/v1/health")).status).toBe(200);
});
