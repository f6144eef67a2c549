import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { apiGroup } from "../../../../daemon/http/api/api.ts";
import { apiPolicy } from "../../../../daemon/http/api/policy.ts";
import { loopbackHosts } from "../../../../daemon/http/policy.ts";
import { type Listening, listen, type RouteGroup } from "../../../../daemon/http/server.ts";
import { version } from "../../../../src/version.ts";
import { principal, sampleRegistry } from "../../../support/registry.ts";

const { registry } = sampleRegistry();
const named = (text: string) => (text === "nxt_reader" ? principal({ scope: "read" }) : null);
const api = apiGroup(
  registry,
  apiPolicy("the-token", { principal: named }, "ada"),
  () => "http://here",
);

/** A group that pages of one origin may use, with another policy and a WebSocket. */
const page: RouteGroup = {
  covers: (path) => path.startsWith("/page"),
  policy: {
    hosts: loopbackHosts,
    origins: new Set(["http://127.0.0.1:7"]),
    contentSecurityPolicy: "default-src 'self'",
    authenticate: () => principal({ name: "visitor" }),
  },
  async answer(_, { principal: who, upgrade }) {
    let socket: Bun.ServerWebSocket<unknown> | undefined;
    const upgraded = upgrade({
      opened: (it) => {
        socket = it;
      },
      received: (message) => void socket?.send(`${who.name}: ${message}`),
      drained() {},
      closed() {},
    });
    return upgraded ? null : new Response("page");
  },
};

let folder: string;
let server: Listening;
let socket: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nexora-http-"));
  socket = join(folder, "api.sock");
  server = listen([page, api], { socket, port: 0 });
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

test("a port has one daemon: the next one on it is refused", () => {
  const port = Number(new URL(server.url).port);
  expect(() => listen([api], { socket: join(folder, "other.sock"), port })).toThrow(
    expect.objectContaining({ code: "conflict" }),
  );
});

const portOf = (port: string) => `:${Number(port).toString(16).toUpperCase().padStart(4, "0")}`;
const good = { authorization: "Bearer the-token" };
const ask = (headers: Record<string, string> = good, body = "{}") =>
  fetch(`${server.url}/v1/ping/a`, { method: "POST", headers, body });

describe("the API's policy", () => {
  test("lets the right token on a loopback name in, and tells it the version", async () => {
    const reply = await ask();
    expect(reply.status).toBe(200);
    expect(await reply.json()).toEqual({ pong: "a" });
    expect(reply.headers.get("x-nexora-version")).toBe(version);
    expect(reply.headers.get("x-content-type-options")).toBe("nosniff");
    expect(reply.headers.get("content-security-policy")).toContain("default-src 'none'");
  });

  test.each([
    ["no token", {}, 401],
    ["a wrong token", { authorization: "Bearer the-tokem" }, 401],
    ["a token's prefix", { authorization: "Bearer the" }, 401],
    ["another scheme", { authorization: "Basic the-token" }, 401],
    ["a foreign Host", { ...good, host: "evil.example:9301" }, 403],
    ["an Origin", { ...good, origin: "http://127.0.0.1:9301" }, 403],
    ["the page's Origin", { ...good, origin: "http://127.0.0.1:7" }, 403],
    ["a Referer", { ...good, referer: "http://localhost/" }, 403],
    ["a named token that may only read", { authorization: "Bearer nxt_reader" }, 403],
  ])("refuses %s", async (_, headers, status) => {
    const reply = await ask(headers as Record<string, string>);
    expect(reply.status).toBe(status);
    expect(await reply.text()).not.toContain("the-token");
    expect(reply.headers.get("x-nexora-version")).toBe(version);
  });

  test("asks no token on the Unix socket, but refuses pages and wrong tokens there too", async () => {
    const over = (headers: Record<string, string>) =>
      fetch("http://x/v1/ping/a", { unix: socket, method: "POST", body: "{}", headers });
    expect((await over({})).status).toBe(200);
    expect((await over({ origin: "null" })).status).toBe(403);
    expect((await over({ authorization: "Bearer nonsense" })).status).toBe(401);
    expect((await over({ authorization: "Bearer nxt_reader" })).status).toBe(403);
  });
});

describe("what is said to people", () => {
  const advice = async (headers: object) => {
    const options = { method: "POST", headers: { ...good, ...headers }, body: "{}" };
    return (await fetch(`${server.url}/v1/ping/advice`, options)).json();
  };
  const stream = async (headers: object) => {
    const url = `${server.url}/v1/count?to=11&since=10&follow=true`;
    const all = { ...good, accept: "application/x-ndjson", ...headers };
    return (await (await fetch(url, { headers: all })).text()).trimEnd().split("\n").at(-1);
  };
  const commandLine = { "x-nexora-client": "cli" };

  test("is put in the API's terms, in errors and at the end of streams", async () => {
    expect(await advice({})).toMatchObject({
      message: "no (raise `memoryBytes`)",
      hint: "`GET /v1/sessions`",
    });
    expect(await stream({})).toContain("see `GET /v1/doctor`");
    const refused = await (await fetch(`${server.url}/v1/count?to=1`)).json();
    expect(JSON.stringify(refused)).toContain("`POST /v1/tokens`");
    expect(JSON.stringify(refused)).not.toContain("nexora ");
  });

  test("is left as it is for the command line", async () => {
    expect(await advice(commandLine)).toMatchObject({
      message: "no (raise --memory)",
      hint: "`nexora session ls`",
    });
    expect(await stream(commandLine)).toContain("see `nexora doctor`");
  });
});

test("a TCP client that vanishes is looked for by the kernel, however silent it may be", async () => {
  const { host, port } = new URL(server.url);
  const client = await Bun.connect({
    hostname: "127.0.0.1",
    port: Number(port),
    socket: { data() {} },
  });
  client.write(`GET /v1/count?follow=true HTTP/1.1\r\nhost: ${host}\r\n\r\n`);
  // Columns of /proc/net/tcp: the local address, and the timer, 02 for keep-alive.
  const accepted = () =>
    readFileSync("/proc/self/net/tcp", "utf8")
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .filter(([, local, , state]) => local?.endsWith(portOf(port)) && state === "01");
  while (!accepted().some(([, , , , , timer]) => timer?.startsWith("02:"))) await Bun.sleep(5);
  client.end();
});

describe("a group with another policy", () => {
  test("answers the pages of its origin, with its own CSP", async () => {
    const reply = await fetch(`${server.url}/page`, { headers: { origin: "http://127.0.0.1:7" } });
    expect(await reply.text()).toBe("page");
    expect(reply.headers.get("content-security-policy")).toBe("default-src 'self'");
  });

  test("refuses other pages and other hosts", async () => {
    for (const headers of [{ origin: "http://evil.example" }, { host: "evil.example" }]) {
      const reply = await fetch(`${server.url}/page`, { headers: headers as never });
      expect(reply.status).toBe(403);
    }
  });

  test("can make a WebSocket of a request", async () => {
    const url = `${server.url.replace("http", "ws")}/page`;
    const client = new WebSocket(url, { headers: { origin: "http://127.0.0.1:7" } } as never);
    client.onopen = () => client.send("hello");
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    client.onmessage = ({ data }) => resolve(data);
    client.onerror = reject;
    expect(await promise).toBe("visitor: hello");
    client.close();
  });
});

describe("a request", () => {
  test.each([
    ["a broken body", "{", "not valid JSON"],
    ["a body that is no object", "[]", "not a JSON object"],
    ["a field out of range", '{"times":4}', "times:"],
    ["a field of another type", '{"times":"2"}', "times:"],
    ["an unknown field", '{"time":2}', 'no field \\"time\\"'],
  ])("with %s is a usage error that names it", async (_, body, words) => {
    const reply = await ask(good, body);
    expect(reply.status).toBe(400);
    const text = await reply.text();
    expect(text).toContain('"code":"usage"');
    expect(text).toContain(words);
  });

  test("with a body over the limit is refused with 413", async () => {
    expect((await ask(good, `{"x":"${"a".repeat(9 * 1024 * 1024)}"}`)).status).toBe(413);
  });

  test("of an incompatible version is refused before anything happens", async () => {
    const reply = await ask({ ...good, "x-nexora-version": "999.0.0" });
    expect(reply.status).toBe(409);
    expect(await reply.json()).toMatchObject({
      code: "version_mismatch",
      message: expect.stringContaining("nothing was done"),
    });
    const same = version.replace(/\d+$/, "99");
    expect((await ask({ ...good, "x-nexora-version": same })).status).toBe(200);
  });

  test("with bytes that are no text is a usage error, in the query and in the body", async () => {
    const query = await fetch(`${server.url}/v1/count?to=1%ff`, { headers: good });
    expect(await query.json()).toMatchObject({
      code: "usage",
      message: expect.stringMatching(/query.*UTF-8/),
    });
    const init = { method: "POST", headers: good, body: Buffer.from('{"times":"\xff"}', "latin1") };
    const body = await fetch(`${server.url}/v1/ping/a`, init);
    expect(await body.json()).toMatchObject({
      code: "usage",
      message: expect.stringMatching(/body.*UTF-8/),
    });
    expect([query.status, body.status]).toEqual([400, 400]);
  });

  test.each([
    ["to=2&follow=", "follow: must be true or false"],
    ["to=2&follow", "follow: must be true or false"],
    ["to=2&follow=True", "follow: must be true or false"],
    ["to=2&follow=1", "follow: must be true or false"],
    ["to=", "to: must be a number"],
    ["to=0x2", "to: must be a number"],
    ["to=%202", "to: must be a number"],
    ["to=%222%22", "to: must be a number"],
  ])("with another value than the document says is a usage error: ?%s", async (query, message) => {
    const reply = await fetch(`${server.url}/v1/count?${query}`, { headers: good });
    expect(reply.status).toBe(400);
    expect(await reply.json()).toMatchObject({ code: "usage", message });
  });

  test.each([
    ["PUT", "/v1/ping/a", "POST"],
    ["OPTIONS", "/v1/count", "GET, HEAD"],
    ["DELETE", "/openapi.json", "GET, HEAD"],
  ])("with the wrong method is told the right ones: %s %s", async (method, path, allow) => {
    const reply = await fetch(server.url + path, { method, headers: good });
    expect([reply.status, reply.headers.get("allow")]).toEqual([405, allow]);
    expect(await reply.json()).toMatchObject({ code: "method_not_allowed" });
  });

  test("for the head of a stream gets it, and ends the stream", async () => {
    const init = { method: "HEAD", headers: good };
    const reply = await fetch(`${server.url}/v1/count?to=1&follow=true`, init);
    expect([reply.status, await reply.text()]).toEqual([200, ""]);
    expect(reply.headers.get("content-type")).toBe("text/event-stream");
  });

  test.each([
    ["a header", { ...good, "x-long": "a".repeat(17_000) }, ""],
    ["a query", good, `?x=${"a".repeat(17_000)}`],
  ])("with %s that is too long is refused with 431, in words", async (_, headers, query) => {
    const reply = await fetch(`${server.url}/v1/count${query}`, { headers });
    expect(reply.status).toBe(431);
    expect(await reply.json()).toMatchObject({ code: "headers_too_large" });
  });

  test.each(["", "[::"])("with the Host %j is refused in words", async (host) => {
    const { promise: answer, resolve } = Promise.withResolvers<string>();
    let said = "";
    const client = await Bun.connect({
      unix: socket,
      socket: {
        data(_, bytes) {
          said += bytes;
          if (said.includes("}")) resolve(said);
        },
        close: () => resolve(said),
      },
    });
    client.write(`GET /v1/count HTTP/1.1\r\nhost: ${host}\r\n\r\n`);
    expect(await answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(await answer).toContain('"code":"usage"');
    client.end();
  });

  test("for an unknown path is a 404 of ours", async () => {
    const reply = await fetch(`${server.url}/v2/x`, { headers: good });
    expect(reply.status).toBe(404);
    expect(await reply.json()).toMatchObject({ code: "not_found" });
  });
});

describe("a stream of items", () => {
  const count = (query: string, headers: Record<string, string> = {}) =>
    fetch(`${server.url}/v1/count?${query}`, { headers: { ...good, ...headers } });

  test("is a reply unless it is asked for", async () => {
    expect(await (await count("to=2")).json()).toEqual({ to: 2 });
  });

  test("goes as NDJSON, the error as its last line", async () => {
    const accept = { accept: "application/x-ndjson" };
    const lines = (await (await count("to=11&since=9&follow=true", accept)).text())
      .trim()
      .split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { id: 10, type: "number" },
      { id: 11, type: "number" },
      { type: "error", error: expect.objectContaining({ code: "usage" }) },
    ]);
  });

  test("goes as server-sent events, and on from the last that was seen", async () => {
    const headers = { accept: "text/event-stream", "last-event-id": "1" };
    const reply = await count("to=2", headers);
    expect(reply.headers.get("content-type")).toBe("text/event-stream");
    expect(await reply.text()).toEndWith(
      'id: 2\nevent: number\ndata: {"id":2,"type":"number"}\n\n',
    );
  });
});
