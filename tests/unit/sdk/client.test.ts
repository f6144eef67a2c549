import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sdkApi } from "../../../scripts/sdk.ts";
import { openClient } from "../../../src/sdk/typescript/client.ts";

// Against a server that says what it is told to, byte by byte.

interface Api {
  session: { ls(input?: object, options?: object): Promise<unknown> };
  exec: ((input: object, options?: object) => Promise<unknown>) & {
    stream(input: object): AsyncIterable<unknown>;
  };
  files: { put(input: object, archive: Uint8Array | AsyncIterable<Uint8Array>): Promise<unknown> };
  events: { stream(input?: object): AsyncIterable<unknown> };
  chrome: { tabs: ((input: object) => Promise<unknown>) & { new: unknown } };
  keys: { rotateMaster: unknown };
  workstation(session: string): Record<string, unknown>;
}

const { operations } = sdkApi();
let folder: string;
let server: Server;
let requests: string[];
/** What becomes of each connection, in turn; the last one goes on. */
let answers: ((socket: Socket) => void)[];
let client: Api;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "nexora-sdk-"));
  requests = [];
  server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", (head) => {
      requests.push(head.toString().split("\r\n")[0] ?? "");
      const answer = answers[Math.min(requests.length, answers.length) - 1];
      answer?.(socket);
    });
  });
  const socket = join(folder, "s");
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  client = openClient<Api>({ version: "0.1.0", operations, socket });
});
afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const json =
  (text: string, status = "200 OK") =>
  (socket: Socket) =>
    socket.end(
      `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
    );
const breaks = (socket: Socket) => socket.destroy();
const collected = (items: AsyncIterable<unknown>) => Array.fromAsync(items);

test("what reads is sent again when the connection breaks, what acts is not", async () => {
  answers = [breaks, json('{"sessions":[]}')];
  expect(await client.session.ls()).toEqual({ sessions: [] });
  expect(requests).toEqual(["GET /v1/sessions HTTP/1.1", "GET /v1/sessions HTTP/1.1"]);
  requests = [];
  answers = [breaks];
  await expect(client.exec({ session: "a", command: ["ls"] })).rejects.toMatchObject({
    code: "daemon_unreachable",
    hint: expect.stringContaining("look before you repeat it"),
  });
  expect(requests).toEqual(["POST /v1/sessions/a/exec HTTP/1.1"]);
});

test("a reply that is cut off, or is none of a daemon's, is told", async () => {
  answers = [(socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{")];
  await expect(client.exec({ session: "a", command: ["ls"] })).rejects.toMatchObject({
    code: "daemon_unreachable",
  });
  answers = [json("<html>")];
  await expect(client.session.ls()).rejects.toMatchObject({ code: "unexpected" });
  requests = [];
  const item = '{"id":1}\n';
  answers = [
    (socket) => socket.end(`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\n${item}\r\n`),
  ];
  await expect(collected(client.events.stream())).rejects.toMatchObject({
    code: "daemon_unreachable",
  });
});

test("an error is the daemon's own; one at the end of a stream too", async () => {
  const body = '{"code":"session_stopped","message":"it is stopped","details":{"a":1}}';
  answers = [json(body, "409 Conflict")];
  const input = { session: "a", command: ["ls"] };
  const error = { code: "session_stopped", message: "it is stopped", details: { a: 1 } };
  await expect(client.exec(input)).rejects.toMatchObject(error);
  await expect(collected(client.exec.stream(input))).rejects.toMatchObject(error);
  const line = `{"type":"error","error":${body}}\n`;
  answers = [
    (socket) =>
      socket.end(`HTTP/1.1 200 OK\r\ncontent-length: ${line.length + 1}\r\n\r\n\n${line}`),
  ];
  await expect(collected(client.events.stream())).rejects.toMatchObject(error);
});

test("an archive that is refused while it is sent has the daemon's error", async () => {
  const body = { code: "action_failed", message: "it is no folder" };
  const socket = join(folder, "daemon");
  await using _daemon = Bun.serve({
    unix: socket,
    fetch: () => Response.json(body, { status: 409 }),
  });
  client = openClient<Api>({ version: "0.1.0", operations, socket });
  const input = { session: "a", path: "/etc/passwd" };
  for (let attempt = 0; attempt < 5; attempt++) {
    const put = client.files.put(input, new Uint8Array(20_000_000));
    await expect(put).rejects.toMatchObject(body);
  }
});

test("a reply is there before the end of an archive, whose source is left then", async () => {
  answers = [json('{"code":"action_failed","message":"no"}', "409 Conflict")];
  const waits = Promise.withResolvers<void>();
  async function* endless() {
    try {
      for (;;) yield new Uint8Array(100_000);
    } finally {
      waits.resolve();
    }
  }
  async function* silent() {
    yield new Uint8Array(1);
    await new Promise(() => {});
  }
  const input = { session: "a", path: "/tmp" };
  const error = { code: "action_failed" };
  await expect(client.files.put(input, endless())).rejects.toMatchObject(error);
  await waits.promise;
  await expect(client.files.put(input, silent())).rejects.toMatchObject(error);
});

test("an archive that cannot be read is the caller's to know", async () => {
  answers = [() => {}];
  async function* broken() {
    yield new Uint8Array(1);
    throw new Error("the disk is gone");
  }
  await expect(client.files.put({ session: "a", path: "/tmp" }, broken())).rejects.toMatchObject({
    code: "unexpected",
    message: "the archive cannot be read: the disk is gone",
  });
});

test("a call is given up when its time is over, or its caller says so", async () => {
  answers = [() => {}];
  await expect(client.session.ls({}, { timeoutMs: 20 })).rejects.toMatchObject({ code: "timeout" });
  const signal = AbortSignal.abort("enough");
  await expect(client.session.ls({}, { signal })).rejects.toMatchObject({ code: "interrupted" });
});

test("methods are by the words of their ids", () => {
  expect(client.chrome.tabs).toBeFunction();
  expect(client.chrome.tabs.new).toBeFunction();
  expect(client.keys.rotateMaster).toBeFunction();
  const { session, daemon } = client.workstation("a");
  expect(session).toContainKeys(["show", "rm"]);
  expect(session).not.toContainKeys(["ls"]);
  expect(daemon).toBeUndefined();
});
