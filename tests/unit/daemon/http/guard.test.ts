import { expect, test } from "bun:test";
import { z } from "zod";
import { Router } from "../../../../daemon/http/route.ts";
import { operation } from "../../../../src/contract/operation.ts";
import { version } from "../../../../src/version.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const ping = operation({
  id: "ping",
  method: "POST",
  path: "/v1/ping/{who}",
  summary: "Ping",
  input: z.object({ who: z.string(), times: z.number().int().max(3).default(1) }),
  output: z.object({ pong: z.string() }),
  errors: [],
});
const { app } = new Router("the-token", { record() {} }, silent).on(ping, ({ input }) => ({
  pong: input.who.repeat(input.times),
}));

const ask = (headers: Record<string, string>, transport: "tcp" | "unix" = "tcp", body = "{}") =>
  app.fetch(new Request("http://127.0.0.1:9301/v1/ping/a", { method: "POST", headers, body }), {
    transport,
  });
const good = { authorization: "Bearer the-token", host: "127.0.0.1:9301" };

test("the right token on a loopback name is let through and told the version", async () => {
  const reply = await ask(good);
  expect(reply.status).toBe(200);
  expect(await reply.json()).toEqual({ pong: "a" });
  expect(reply.headers.get("x-nexora-version")).toBe(version);
  expect(reply.headers.get("x-content-type-options")).toBe("nosniff");
});

test.each([
  ["no token", { host: "localhost" }, 401],
  ["a wrong token", { ...good, authorization: "Bearer the-tokem" }, 401],
  ["a token's prefix", { ...good, authorization: "Bearer the" }, 401],
  ["another scheme", { ...good, authorization: "Basic the-token" }, 401],
  ["a foreign Host", { ...good, host: "evil.example:9301" }, 403],
  ["no Host", { authorization: good.authorization }, 403],
  ["an Origin", { ...good, origin: "http://127.0.0.1:9301" }, 403],
  ["a Referer", { ...good, referer: "http://localhost/" }, 403],
])("%s is refused", async (_, headers, status) => {
  const reply = await ask(headers as Record<string, string>);
  expect(reply.status).toBe(status);
  expect(await reply.text()).not.toContain("the-token");
});

test("the Unix socket needs no token, but refuses pages too", async () => {
  expect((await ask({}, "unix")).status).toBe(200);
  expect((await ask({ origin: "null" }, "unix")).status).toBe(403);
});

test.each([
  ["a broken body", "{", "not valid JSON"],
  ["a body that is no object", "[]", "not a JSON object"],
  ["a field out of range", '{"times":4}', "times:"],
  ["a field of another type", '{"times":"2"}', "times:"],
])("%s is a usage error that names it", async (_, body, words) => {
  const reply = await ask(good, "tcp", body);
  expect(reply.status).toBe(400);
  const error = (await reply.json()) as { code: string; message: string };
  expect(error.code).toBe("usage");
  expect(error.message).toContain(words);
});

test("a body over the limit is refused with 413", async () => {
  const reply = await ask(good, "tcp", `{"x":"${"a".repeat(9 * 1024 * 1024)}"}`);
  expect(reply.status).toBe(413);
});

test("an unknown path is a 404 of ours", async () => {
  const reply = await app.fetch(new Request("http://127.0.0.1/v2/x", { headers: good }), {
    transport: "tcp",
  });
  expect(reply.status).toBe(404);
  expect(((await reply.json()) as { code: string }).code).toBe("not_found");
});
