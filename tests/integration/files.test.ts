import { afterAll, beforeAll, expect, test } from "bun:test";
import { connect } from "node:net";
import { extract, pack } from "tar-stream";
import type { ExecOutput } from "../../src/contract/exec.ts";
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

test("~ is the home of the workstation's user, and a file of that name is ./~", async () => {
  const script = "echo mine > ~/mine.txt; mkdir -p /tmp/t && cd /tmp/t && touch ./'~x'";
  await daemon.call("POST", "/v1/sessions/files/exec", { command: [script] });
  const stat = (path: string) => daemon.call("GET", url(path, "/stat"));
  expect(await stat("~/mine.txt")).toEqual({ type: "file", sizeBytes: 5 });
  expect(await stat("~")).toMatchObject({ type: "directory" });
  expect(await stat("/tmp/t/~x")).toMatchObject({ type: "file" });
  expect(await stat("~x")).toMatchObject({ type: "none" });
});

test("a folder is listed, through links, and no more of it than anyone reads", async () => {
  const script =
    "mkdir -p /tmp/l/sub && cd /tmp/l && touch b 'a b' && ln -s sub link && mkfifo pipe";
  await daemon.call("POST", "/v1/sessions/files/exec", { command: [script] });
  const list = (path: string) => daemon.call("GET", url(path, "/list"));
  expect(await list("/tmp/l/sub/..")).toEqual({
    entries: [
      { name: "a b", type: "file" },
      { name: "b", type: "file" },
      { name: "link", type: "directory" },
      { name: "pipe", type: "other" },
      { name: "sub", type: "directory" },
    ],
    truncated: false,
  });
  await daemon.call("POST", "/v1/sessions/files/exec", {
    command: ["mkdir /tmp/many && cd /tmp/many && seq 1200 | xargs touch"],
  });
  const many = await daemon.call<{ entries: object[]; truncated: boolean }>(
    "GET",
    url("/tmp/many", "/list"),
  );
  expect([many.entries.length, many.truncated]).toEqual([1000, true]);
  const missing = expect.objectContaining({ code: "not_found" });
  await expect(list("/tmp/nowhere")).rejects.toEqual(missing);
  await expect(list("/tmp/l/b")).rejects.toEqual(missing);
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

test("a copy whose client goes half-way leaves what was there, whole", async () => {
  const { id } = await daemon.newSession({ workspace: null });
  const run = async (line: string) =>
    (
      await daemon.call<ExecOutput>("POST", `/v1/sessions/${id}/exec`, {
        command: [line],
        timeoutMs: 20_000,
      })
    ).stdout;
  await run("mkdir /tmp/in; echo old > /tmp/in/file");
  const tar = pack();
  tar.entry({ name: "file" }, Buffer.alloc(10_000_000));
  tar.finalize();
  const whole = Buffer.concat(await Array.fromAsync(tar as AsyncIterable<Uint8Array>));
  // Not a fetch: this connection ends when it is told to.
  const { hostname, port } = new URL(daemon.url);
  const client = connect(Number(port), hostname);
  client.write(
    `PUT /v1/sessions/${id}/files?path=/tmp/in HTTP/1.1\r\nHost: ${hostname}:${port}\r\n` +
      `Authorization: Bearer ${daemon.token}\r\nContent-Type: application/x-tar\r\n` +
      `Content-Length: ${whole.length}\r\n\r\n`,
  );
  client.write(whole.subarray(0, 5_000_000));
  const half = "$(find /tmp/in -name file -size +1M)";
  expect(await run(`until [ -n "${half}" ]; do sleep 0.05; done; echo half`)).toBe("half\n");
  client.destroy();
  const left = await run(
    `until [ -z "${half}" -a "$(ls -A /tmp/in)" = file ]; do sleep 0.05; done; ls -A /tmp/in; cat /tmp/in/*`,
  );
  expect(left).toBe("file\nold\n");
  await daemon.call("DELETE", `/v1/sessions/${id}`);
});

test("folders that may not be written go in as they are, and nothing stays aside", async () => {
  const { id } = await daemon.newSession({ workspace: null });
  const tar = pack();
  tar.entry({ name: "locked", type: "directory", mode: 0o555 });
  tar.entry({ name: "locked/file", mode: 0o444 }, "in");
  tar.finalize();
  const reply = await daemon.fetch(`/v1/sessions/${id}/files?path=/tmp/to`, {
    method: "PUT",
    body: Buffer.concat(await Array.fromAsync(tar as AsyncIterable<Uint8Array>)),
    headers: { "content-type": "application/x-tar" },
  });
  expect(reply.status).toBe(200);
  const seen = await daemon.call<ExecOutput>("POST", `/v1/sessions/${id}/exec`, {
    command: ["cd /tmp/to; ls -A; stat -c %a locked; cat locked/file"],
  });
  expect(seen.stdout).toBe("locked\n555\nin");
  await daemon.call("DELETE", `/v1/sessions/${id}`);
});
