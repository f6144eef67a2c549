import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import type { Socket } from "node:net";
import { join } from "node:path";
import type { GatewayStatus } from "../../src/contract/gateway-requests.ts";
import type { UsageReport } from "../../src/contract/usage.ts";
import { TestDaemon } from "../support/daemon.ts";
import { completion, pieces, TestGateway } from "../support/gateway.ts";
import { events, json } from "../support/raw-upstream.ts";

interface Refused {
  error: { type: string; message: string };
}

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await TestGateway.start({ routes: { some: { models: ["routed"] } } });
});
afterAll(() => gateway[Symbol.asyncDispose]());

let count = 0;
async function tokenFor(fields: Record<string, unknown>): Promise<{ name: string; token: string }> {
  const wanted = { name: `limited-${++count}`, scope: "models", ...fields };
  return gateway.daemon.call("POST", "/v1/tokens", wanted);
}

/** Asks a model with a token; what is refused is read as well. */
async function ask(token: string, model: string, more: Record<string, unknown> = {}) {
  const headers = { authorization: `Bearer ${token}` };
  const reply = await gateway.chat(model, more, { headers });
  const body = (await reply.json()) as Refused;
  return { status: reply.status, headers: reply.headers, body };
}

function usageBy(by: UsageReport["by"], daemon = gateway.daemon): Promise<UsageReport> {
  return daemon.call("GET", `/v1/gateway/usage?by=${by}`);
}

describe("a token", () => {
  test("at its requests per minute is refused with 429, told when, and no other is", async () => {
    const { model, upstream } = await gateway.provider(json(completion("hi")));
    const [one, other] = [await tokenFor({ rpm: 1 }), await tokenFor({ rpm: 1 })];
    expect((await ask(one.token, model)).status).toBe(200);
    const refused = await ask(one.token, model);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeWithin(1, 62);
    expect(refused.body.error.message).toContain(`token ${one.name} is at its limit of 1 requests`);
    expect((await ask(other.token, model)).status).toBe(200);
    const message = { model, max_tokens: 5, messages: [{ role: "user", content: "hi" }] };
    const headers = { authorization: "", "x-api-key": one.token };
    const asAnthropic = await gateway.post("/v1/messages", message, { headers });
    expect(asAnthropic.status).toBe(429);
    expect(await asAnthropic.json()).toMatchObject({
      type: "error",
      error: { type: "rate_limit_error" },
    });
    expect(upstream.requests.length).toBe(2);
  });

  test("has what a request may use reserved, and gets back what it did not", async () => {
    const held = Promise.withResolvers<Socket>();
    const { model, upstream } = await gateway.provider((_, socket) => held.resolve(socket));
    const { token } = await tokenFor({ tpm: 1000 });
    const first = ask(token, model, { max_tokens: 900 });
    const socket = await held.promise;
    const second = await ask(token, model, { max_tokens: 900 });
    expect(second.status).toBe(429);
    expect(second.body.error.message).toContain("1000 tokens per minute");
    const answer = json(completion("hi"));
    upstream.behave(answer);
    answer(upstream.requests[0] ?? { method: "", path: "", headers: {}, body: "" }, socket);
    expect((await first).status).toBe(200);
    expect((await ask(token, model, { max_tokens: 900 })).status).toBe(200);
    const large = await ask(token, model, { max_tokens: 5000 });
    expect(large.status).toBe(413);
    expect(large.body.error.message).toMatch(/may use \d+ tokens.*1000 tokens per minute/);
  });

  test("uses the models that it names, and no others", async () => {
    const [one, other] = [
      await gateway.provider(json(completion("hi"))),
      await gateway.provider(json(completion("hi"))),
    ];
    const { token } = await tokenFor({ models: [`${one.id}/*`] });
    expect((await ask(token, one.model)).status).toBe(200);
    expect((await ask(token, other.model)).status).toBe(403);
    expect(other.upstream.requests).toEqual([]);
  });

  test("uses a route that it names, and what it leads to by no other name", async () => {
    const { model } = await gateway.provider(json(completion("hi")), { model: "routed" });
    const { token } = await tokenFor({ models: ["route/some"] });
    expect((await ask(token, "route/some")).status).toBe(200);
    expect((await ask(token, model)).status).toBe(403);
  });

  test("with a budget is given no model whose price nobody knows", async () => {
    const { model, upstream } = await gateway.provider(json(completion("hi")));
    const { token } = await tokenFor({ budget: ["5/day"] });
    expect((await ask(token, model)).status).toBe(403);
    expect(upstream.requests).toEqual([]);
  });
});

test("a provider's key at its limit gives way to the next, and the client is told when all are", async () => {
  const { id, model, upstream } = await gateway.provider(json(completion("hi")), { keys: 1 });
  await gateway.daemon.call("DELETE", `/v1/keys/${id}?name=k0`);
  const keys = ["sk-first-0123456789abcdef", "sk-second-0123456789abcdef"];
  for (const [at, key] of keys.entries()) {
    await gateway.daemon.call("POST", "/v1/keys", { provider: id, name: `r${at}`, key, rpm: 1 });
  }
  expect((await gateway.chat(model)).status).toBe(200);
  expect((await gateway.chat(model)).status).toBe(200);
  const refused = await gateway.chat(model);
  expect(refused.status).toBe(503);
  expect(Number(refused.headers.get("retry-after"))).toBeWithin(1, 62);
  const sent = upstream.requests.map(({ headers }) => headers.authorization);
  expect(sent.toSorted()).toEqual(keys.map((key) => `Bearer ${key}`));
});

test("the metrics tell what was asked, to who may see it, and nothing of who asked", async () => {
  const { id, model } = await gateway.provider(events(pieces("a", "b")));
  const reply = await gateway.chat(model, { stream: true });
  await reply.text();
  const { token, name } = await tokenFor({ scope: "read" });
  const read = (bearer: string) =>
    gateway.fetch("/metrics", { headers: { authorization: `Bearer ${bearer}` } });
  expect((await read(gateway.token)).status).toBe(403);
  expect((await read("nobody")).status).toBe(401);
  const metrics = await read(token);
  expect(metrics.headers.get("content-type")).toStartWith("text/plain; version=0.0.4");
  const text = await metrics.text();
  const at = `provider="${id}",model="${model}"`;
  expect(text).toContain(`nexora_gateway_requests_total{${at},status="200"} 1\n`);
  expect(text).toContain(`nexora_gateway_tokens_total{${at},type="input"} 7\n`);
  expect(text).toContain(`nexora_gateway_tokens_total{${at},type="output"} 3\n`);
  expect(text).toContain(`nexora_gateway_time_to_first_output_seconds_count{provider="${id}"} 1\n`);
  expect(text).toMatch(/nexora_gateway_refused_total\{reason="unauthorized"\} \d/);
  expect(text).not.toContain(name);
  // Whoever reads sees nothing of the models themselves.
  expect((await ask(token, model)).status).toBe(403);
});

describe("what was used", () => {
  test("is in the store after a clean end, with its cost; a spent budget stays spent", async () => {
    const spans: string[] = [];
    const collector = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      async fetch(request) {
        spans.push(await request.text());
        return Response.json({});
      },
    });
    const own = await TestGateway.start({ otlp: `http://127.0.0.1:${collector.port}` });
    let daemon = own.daemon;
    try {
      const { upstream, id, model } = await own.provider(json(completion("hi")));
      mkdirSync(join(daemon.home, "providers"), { recursive: true });
      const price = "{ input: 50000, output: 50000 }";
      const text = `baseUrl: ${upstream.url}/v1\nauth: null\nmodels: [{ id: dear, price: ${price} }]\n`;
      writeFileSync(join(daemon.home, "providers/dear.yaml"), text);
      await daemon.call("GET", "/v1/gateway/providers");
      const fields = { name: "thrifty", scope: "models", budget: ["0.9/day"] };
      const { token } = await daemon.call<{ token: string }>("POST", "/v1/tokens", fields);
      const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
      const headers = {
        authorization: `Bearer ${token}`,
        traceparent: `00-${trace}-00f067aa0ba902b7-01`,
      };
      // 7 tokens in and 3 out: half a dollar.
      const first = await own.chat("dear/dear", {}, { headers });
      expect(first.headers.get("x-nexora-cost-usd")).toBe("0.5");
      expect((await own.chat("dear/dear", {}, { headers })).status).toBe(200);
      const refused = await own.chat("dear/dear", {}, { headers });
      expect(refused.status).toBe(402);
      expect(await refused.text()).toContain("has spent its budget of 0.9 USD for this day");
      await (await own.chat(model)).text();
      await daemon.end("SIGTERM");
      expect(spans.join("\n")).toContain(trace);
      expect(spans.join("\n")).toContain('"gen_ai.request.model"');
      expect(spans.join("\n")).not.toContain("hello");
      daemon = await TestDaemon.start(daemon.home);
      const { url } = await daemon.call<GatewayStatus>("GET", "/v1/gateway");
      const again = await fetch(`${url}/v1/chat/completions`, {
        method: "POST",
        headers,
        body: JSON.stringify({ model: "dear/dear", messages: [{ role: "user", content: "hi" }] }),
      });
      expect(again.status).toBe(402);
      expect((await usageBy("token", daemon)).rows).toMatchObject([
        { name: "thrifty", requests: 2, failed: 0, input: 14, output: 6, costUsd: 1, unpriced: 0 },
        { name: "models", requests: 1, costUsd: null, unpriced: 1 },
      ]);
      const { rows } = await usageBy("model", daemon);
      expect(rows.map(({ name }) => name)).toEqual(["dear/dear", `${id}/${model}`]);
      expect(upstream.requests.length).toBe(3);
    } finally {
      await daemon[Symbol.asyncDispose]();
      await own[Symbol.asyncDispose]();
      await collector.stop(true);
    }
  });

  test("counts the counting of tokens as a request that is free", async () => {
    const counted = json({ input_tokens: 7 });
    const { id, model } = await gateway.provider(counted, { format: ["anthropic-messages"] });
    const body = { model, messages: [{ role: "user", content: "hi" }] };
    expect((await gateway.post("/v1/messages/count_tokens", body)).status).toBe(200);
    const { rows } = await usageBy("provider");
    expect(rows.find(({ name }) => name === id)).toMatchObject({
      requests: 1,
      input: 0,
      costUsd: 0,
      unpriced: 0,
    });
  });

  test("is told by provider too, with what failed", async () => {
    const { id, model } = await gateway.provider(json({ error: { message: "no" } }, 400));
    await (await gateway.chat(model)).text();
    const { rows } = await usageBy("provider");
    expect(rows.find(({ name }) => name === id)).toMatchObject({ requests: 1, failed: 1 });
  });
});

test("of many requests at once each is counted once, and none is under way for ever, however they end", async () => {
  const answers = [
    json(completion("hi")),
    events(pieces("a", "b")),
    events(pieces("a", "b").slice(0, 2)),
    json({ error: { message: "no" } }, 400),
    (_: unknown, socket: Socket) => socket.destroy(),
  ];
  let turn = 0;
  const { id, model, upstream } = await gateway.provider((request, socket) =>
    answers[turn++ % answers.length]?.(request, socket),
  );
  const { token } = await tokenFor({ rpm: 10_000, tpm: 1_000_000 });
  const bearer = { authorization: `Bearer ${gateway.daemon.token}` };
  const metrics = async () => (await gateway.fetch("/metrics", { headers: bearer })).text();
  const refused = (text: string) => sumOf(text, /^nexora_gateway_refused_total\{.*\} (\d+)$/gm);
  const before = refused(await metrics());
  const one = async (at: number) => {
    const leaving = new AbortController();
    const init = { headers: { authorization: `Bearer ${token}` }, signal: leaving.signal };
    const reply = await gateway.chat(model, { stream: at % 2 === 0, max_tokens: 50 }, init);
    if (at % 7 === 0) leaving.abort();
    else await reply.text();
  };
  const asked = 40;
  await Promise.all(Array.from({ length: asked }, (_, at) => one(at)));
  while (!/requests_in_progress 0\n/.test(await metrics())) await Bun.sleep(20);
  const text = await metrics();
  const ofProvider = (name: string) =>
    sumOf(text, new RegExp(`^nexora_gateway_${name}\\{provider="${id}".*\\} (\\d+)$`, "gm"));
  expect(ofProvider("requests_total") + refused(text) - before).toBe(asked);
  expect(ofProvider("attempts_total")).toBe(upstream.requests.length);
  const { rows } = await usageBy("provider");
  expect(rows.find(({ name }) => name === id)?.requests).toBe(ofProvider("requests_total"));
});

function sumOf(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].reduce((sum, [, value]) => sum + Number(value), 0);
}
