import { describe, expect, test } from "bun:test";
import type { UsageEntry } from "../../../../../daemon/gateway/usage/entry.ts";
import { Otlp } from "../../../../../daemon/gateway/usage/otlp.ts";
import { usageEntry } from "../../../../support/usage-entries.ts";

interface Received {
  path: string;
  headers: Headers;
  body: {
    resourceSpans: {
      resource: { attributes: unknown[] };
      scopeSpans: { scope: { name: string }; spans: Record<string, unknown>[] }[];
    }[];
  };
}

/** A collector on a port of its own, and what it has received; it answers with these statuses in turn. */
function collector(...statuses: number[]) {
  const received: Received[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const { pathname: path } = new URL(request.url);
      received.push({
        path,
        headers: request.headers,
        body: (await request.json()) as Received["body"],
      });
      return Response.json({}, { status: statuses.shift() ?? 200 });
    },
  });
  const warnings: [string, unknown][] = [];
  const quiet = () => {};
  const warn = (message: string, fields?: unknown) => warnings.push([message, fields]);
  const otlp = new Otlp({
    endpoint: `http://127.0.0.1:${server.port}/`,
    headers: "x-team=core%20models, authorization=Basic dTpw==",
    log: { debug: quiet, info: quiet, warn, error: warn },
  });
  const spans = () =>
    received.flatMap(({ body }) => body.resourceSpans[0]?.scopeSpans[0]?.spans ?? []);
  return {
    otlp,
    received,
    spans,
    warnings,
    async [Symbol.asyncDispose]() {
      await otlp[Symbol.asyncDispose]();
      await server.stop(true);
    },
  };
}

function attributesOf(span: Record<string, unknown> | undefined): Record<string, unknown> {
  const list = span?.attributes as { key: string; value: Record<string, unknown> }[];
  return Object.fromEntries(list.map(({ key, value }) => [key, Object.values(value)[0]]));
}

describe("a span", () => {
  test("says by the conventions what was asked of whom, and what it took", async () => {
    await using at = collector();
    at.otlp.record(usageEntry({ provider: "mistral", model: "mistral-large" }));
    await at.otlp.flush();
    const [request] = at.received;
    expect(request?.path).toBe("/v1/traces");
    expect(request?.headers.get("content-type")).toBe("application/json");
    expect(request?.headers.get("x-team")).toBe("core models");
    expect(request?.headers.get("authorization")).toBe("Basic dTpw==");
    const [resource] = request?.body.resourceSpans ?? [];
    expect(attributesOf(resource?.resource)).toMatchObject({ "service.name": "nexora" });
    const [span] = at.spans();
    expect(span).toMatchObject({
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
      spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
      name: "chat mistral-large",
      kind: 3,
      status: {},
    });
    expect(span).not.toHaveProperty("parentSpanId");
    const took = BigInt(String(span?.endTimeUnixNano)) - BigInt(String(span?.startTimeUnixNano));
    expect(took).toBe(1_500_000_000n);
    expect(attributesOf(span)).toEqual({
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "mistral_ai",
      "gen_ai.request.model": "mistral-large",
      "gen_ai.usage.input_tokens": "1110",
      "gen_ai.usage.cache_read.input_tokens": "1000",
      "gen_ai.usage.cache_creation.input_tokens": "10",
      "gen_ai.usage.output_tokens": "20",
      "gen_ai.usage.reasoning.output_tokens": "5",
      "http.response.status_code": "200",
      "nexora.caller.kind": "token",
      "nexora.caller.name": "ci",
      "nexora.attempts": "2",
      "nexora.cost_usd": 0.5,
      "nexora.time_to_first_output": 0.25,
    });
  });

  test("of a failure is one, and of an unknown usage says none", async () => {
    await using at = collector();
    const other: Partial<UsageEntry> = { status: 502, usage: null, costUsd: null };
    at.otlp.record(usageEntry({ ...other, format: "openai-embeddings" }));
    await at.otlp.flush();
    const [span] = at.spans();
    expect(span).toMatchObject({ name: "embeddings claude-sonnet-5", status: { code: 2 } });
    const found = attributesOf(span);
    expect(found).toMatchObject({ "error.type": "502" });
    expect(Object.keys(found).filter((key) => /usage|cost/.test(key))).toEqual([]);
  });

  test("belongs to the caller's trace, and is left out when that is not recorded", async () => {
    await using at = collector();
    const [trace, parent] = ["4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"];
    at.otlp.record(usageEntry({ trace: `00-${trace}-${parent}-01` }));
    at.otlp.record(usageEntry({ trace: `00-${trace}-${parent}-00` }));
    at.otlp.record(usageEntry({ trace: `00-${"0".repeat(32)}-${parent}-01` }));
    at.otlp.record(usageEntry({ trace: "anything" }));
    await at.otlp.flush();
    const [first, ...others] = at.spans();
    expect(first).toMatchObject({ traceId: trace, parentSpanId: parent });
    expect(others.length).toBe(2);
    for (const span of others) expect(span).not.toHaveProperty("parentSpanId");
  });
});

describe("a collector", () => {
  test("that is busy gets the same spans again, one that refuses them does not", async () => {
    await using at = collector(503, 200, 400);
    at.otlp.record(usageEntry());
    await at.otlp.flush();
    await at.otlp.flush();
    const ids = at.spans().map(({ spanId }) => spanId);
    expect(ids.length).toBe(2);
    expect(ids[0]).toBe(ids[1]);
    at.otlp.record(usageEntry());
    await at.otlp.flush();
    await at.otlp.flush();
    expect(at.received.length).toBe(3);
    expect(at.warnings.map(([message]) => message)).toEqual([
      "spans were not sent",
      "spans were dropped",
    ]);
  });

  test("that is slower than the gateway costs spans, not memory", async () => {
    const at = collector();
    for (let n = 0; n < 5000; n++) at.otlp.record(usageEntry());
    await at.otlp.flush();
    expect(at.spans().length).toBe(2048);
    expect(at.warnings).toEqual([["spans were dropped", { count: 5000 - 2048 }]]);
    await at[Symbol.asyncDispose]();
  });

  test("gets what waits when the daemon ends", async () => {
    const at = collector();
    at.otlp.record(usageEntry());
    await at[Symbol.asyncDispose]();
    expect(at.spans().length).toBe(1);
  });

  test("that never answers does not keep the daemon from ending", async () => {
    const never = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
    const quiet = () => {};
    const endpoint = `http://127.0.0.1:${never.port}`;
    const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
    const otlp = new Otlp({ endpoint, headers: undefined, log });
    otlp.record(usageEntry());
    await otlp[Symbol.asyncDispose]();
    never.stop(true);
  });
});
