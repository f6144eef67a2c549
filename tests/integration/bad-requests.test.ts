import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { framesContentType } from "../../src/frames.ts";
import { TestDaemon } from "../support/daemon.ts";

let daemon: TestDaemon;
beforeAll(async () => {
  daemon = await TestDaemon.start();
  await daemon.newSession({ name: "s", workspace: null });
  mkdirSync(join(daemon.home, "mounts/s_1"), { recursive: true });
});
afterAll(() => daemon[Symbol.asyncDispose]());

/** One request as it stands, on a connection of its own; what the body of the reply says. */
async function ask(method: string, path: string, type = "", body: string | Buffer = "") {
  const { hostname, port } = new URL(daemon.url);
  const socket = connect(Number(port), hostname);
  const head = [
    `${method} ${path} HTTP/1.1`,
    `Host: ${hostname}:${port}`,
    `Authorization: Bearer ${daemon.token}`,
    `Content-Type: ${type}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.write(`${head.join("\r\n")}\r\n\r\n`);
  socket.write(body);
  let reply = "";
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    reply += chunk.toString("latin1");
    const [, status, length] =
      /^HTTP\/1\.1 (\d+).*\r\ncontent-length: (\d+)\r\n/is.exec(reply) ?? [];
    const text = reply.split("\r\n\r\n")[1] ?? "";
    if (length !== undefined && text.length >= Number(length))
      return { status: Number(status), text };
  }
  throw new Error(`the daemon has hung up: ${reply.slice(0, 300)}`);
}

const json = "application/json";
const long = "x".repeat(7_900_000);
const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((part) => Buffer.from(part as string)));

const requests: [string, string, string, string?, (string | Buffer)?][] = [
  ["a NUL in a name", "GET /v1/sessions/a%00", "NUL character"],
  ["a NUL in a path inside", "GET /v1/sessions/s/files?path=a%00b", "NUL character"],
  ["no UTF-8 in a name", "GET /v1/sessions/%ff", "not valid UTF-8"],
  ["no UTF-8 in a query", "GET /v1/sessions/s/files?path=%ff", "not valid UTF-8"],
  [
    "no UTF-8 in a body",
    "POST /v1/sessions/s/exec",
    "not valid UTF-8",
    json,
    bytes('{"command":["', [0xff], '"]}'),
  ],
  [
    "half a character",
    "POST /v1/sessions/s/exec",
    "command.0: must not contain half",
    json,
    '{"command":["\\ud800"]}',
  ],
  ["a long argument", "POST /v1/sessions/s/exec", "1 MiB", json, `{"command":["echo","${long}"]}`],
  ["a long text", "POST /v1/sessions/s/type", "1000000", json, `{"text":"${long}"}`],
  ["a body that is no JSON", "POST /v1/sessions/s/exec", "JSON", json, "{"],
  [
    "frames without a spec",
    "POST /v1/sessions/s/attach",
    "`spec` frame",
    framesContentType,
    bytes([99, 0, 0, 0, 1, 0]),
  ],
  [
    "an endless frame",
    "POST /v1/sessions/s/attach",
    "too long",
    framesContentType,
    bytes([1, 255, 255, 255, 255, 0]),
  ],
  [
    "a frame that is cut off",
    "POST /v1/sessions/s/exec",
    "frame",
    framesContentType,
    bytes([0, 0, 0, 0, 9, 0x7b]),
  ],
  ["a deep body", "POST /v1/sessions/s/exec", "", json, `{"command":${"[".repeat(1_000_000)}`],
  [
    "a deep and whole body",
    "POST /v1/sessions/s/exec",
    "",
    json,
    `{"command":${"[".repeat(100_000)}${"]".repeat(100_000)}}`,
  ],
  [
    "a relative workspace",
    "POST /v1/sessions",
    "not an absolute path",
    json,
    '{"workspace":"here"}',
  ],
];
test.each(
  requests.map(([name, request, words, type = "", body = ""]) => ({
    name,
    request,
    words,
    type,
    body,
  })),
)("$name is a 400 that says so", async ({ request, words, type, body }) => {
  const [method = "", path = ""] = request.split(" ");
  const { status, text } = await ask(method, path, type, body);
  expect({ status, text: text.slice(0, 500) }).toEqual({
    status: 400,
    text: expect.stringContaining(words),
  });
  expect(text).not.toContain("select");
  expect(JSON.parse(text)).toMatchObject({ code: "usage" });
});

test.each(["", "data", "mounts", "mounts/s_1", "../../etc", "../../var/lib/dpkg"])(
  "a workspace in the state folder or the system is refused: %j",
  async (path) => {
    const workspace = `${daemon.home}/${path}`;
    // With a database server there is no folder for the embedded one.
    mkdirSync(workspace, { recursive: true });
    const { status, text } = await ask("POST", "/v1/sessions", json, JSON.stringify({ workspace }));
    expect([status, JSON.parse(text)]).toMatchObject([
      400,
      { code: "usage", message: expect.stringContaining("cannot be a workspace") },
    ]);
  },
);
