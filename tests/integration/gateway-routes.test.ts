import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Output } from "../../src/contract/index.ts";
import { completion, TestGateway } from "../support/gateway.ts";
import { json, RawUpstream } from "../support/raw-upstream.ts";

/** US dollars for a million tokens, of `cheap`; `dear` costs ten times as much. */
const price = { input: 1, output: 3 };
const routes = {
  eyes: { strategy: "fallback", models: ["one"], vision: true },
  bargain: { strategy: "fallback", models: ["dear/one", "cheap/one"], maxInputPrice: 2 },
  turns: { strategy: "round_robin", models: ["cheap/one", "dear/one"] },
  fast: { strategy: "fastest", models: ["cheap/one", "dear/one"] },
};

let gateway: TestGateway;
let cheap: RawUpstream;
let dear: RawUpstream;
/** It is free and has a model that nobody knows anything of. */
let blank: RawUpstream;

beforeAll(async () => {
  gateway = await TestGateway.start({ routes });
  const start = (text: string) => RawUpstream.start(json(completion(text)));
  [cheap, dear, blank] = [await start("cheap"), await start("dear"), await start("blank")];
  const folder = join(gateway.daemon.home, "providers");
  mkdirSync(folder);
  const define = (id: string, { url }: RawUpstream, model: Record<string, unknown>) => {
    const definition = { baseUrl: `${url}/v1`, auth: null, models: [model] };
    writeFileSync(join(folder, `${id}.yaml`), JSON.stringify(definition));
  };
  // As each would write the name of the one model.
  define("cheap", cheap, { id: "vendor/One", price, vision: false, context: 1000 });
  define("dear", dear, {
    id: "one",
    price: { input: 10 * price.input, output: 10 * price.output },
    vision: true,
    context: 100_000,
  });
  define("blank", blank, { id: "two" });
  const { problems } = await gateway.daemon.call<Output<"gateway.providers">>(
    "GET",
    "/v1/gateway/providers",
  );
  expect(problems).toEqual([]);
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  for (const upstream of [cheap, dear, blank]) await upstream[Symbol.asyncDispose]();
});

const good = json(completion("hi"));
beforeEach(() => {
  for (const upstream of [cheap, dear, blank]) upstream.behave(good);
});

/** Who answers a request for that model. */
async function answered(model: string, more: Record<string, unknown> = {}): Promise<string | null> {
  const reply = await gateway.chat(model, more);
  expect({ status: reply.status, body: reply.ok ? "" : await reply.text() }).toEqual({
    status: 200,
    body: "",
  });
  await reply.text();
  return reply.headers.get("x-nexora-provider");
}

/** The message of a refusal. */
async function refused(status: number, model: string, more: Record<string, unknown> = {}) {
  const reply = await gateway.chat(model, more);
  expect(reply.status).toBe(status);
  const { error } = (await reply.json()) as { error: { message: string } };
  return error.message;
}

const picture = {
  messages: [
    {
      role: "user",
      content: [
        { type: "text", text: "what is this?" },
        { type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0KGgo=" } },
      ],
    },
  ],
};

describe("a model that two providers have", () => {
  test("is asked for at the cheaper one, by the name that it has there, and the cost is told", async () => {
    const reply = await gateway.chat("one");
    expect(reply.headers.get("x-nexora-provider")).toBe("cheap");
    expect(JSON.parse(cheap.requests.at(-1)?.body ?? "").model).toBe("vendor/One");
    // 7 tokens in, 3 out.
    const cost = Number(reply.headers.get("x-nexora-cost-usd"));
    expect(cost).toBeCloseTo((7 * price.input + 3 * price.output) / 1e6, 12);
  });

  test("is asked for at the other when the cheaper one fails", async () => {
    cheap.behave(json({ error: { message: "busy" } }, 503));
    expect(await answered("one")).toBe("dear");
  });

  test("is asked for where a picture is understood", async () => {
    expect(await answered("one", picture)).toBe("dear");
    expect(await answered("route/eyes")).toBe("dear");
  });

  test("is asked for where the request fits", async () => {
    const content = "word ".repeat(2000);
    expect(await answered("one", { messages: [{ role: "user", content }] })).toBe("dear");
  });

  test("is asked for at the one that is named, and at no other", async () => {
    expect(await answered("dear/one")).toBe("dear");
    const reason = await refused(400, "cheap/one", picture);
    expect(reason).toContain("cheap/vendor/One takes no pictures");
  });
});

describe("a route", () => {
  test("keeps its price limit, whatever its order", async () => {
    expect(await answered("route/bargain")).toBe("cheap");
  });

  test("that gives each its turn does", async () => {
    const [first, ...others] = [
      await answered("route/turns"),
      await answered("route/turns"),
      await answered("route/turns"),
    ];
    expect([first, ...others].sort()).toContain("cheap");
    expect(others[0]).not.toBe(first ?? null);
    expect(others[1]).toBe(first ?? null);
  });

  test("to the fastest knows how fast each was, and who failed", async () => {
    const times = async () => {
      const path = "/v1/gateway/routes?model=route/fast";
      const { routes } = await gateway.daemon.call<Output<"gateway.routes">>("GET", path);
      const targets = routes[0]?.targets ?? [];
      return Object.fromEntries(targets.map(({ name, firstMs }) => [name.split("/")[0], firstMs]));
    };
    // Each is tried, unless a test before has measured it.
    await answered("cheap/one");
    await answered("dear/one");
    const before = await times();
    expect(before).toEqual({ cheap: expect.any(Number), dear: expect.any(Number) });
    dear.behave(json({ error: { message: "down" } }, 500));
    await gateway.chat("dear/one").then((reply) => reply.text());
    expect((await times()).dear).toBeGreaterThanOrEqual(2000);
    expect(await answered("route/fast")).toBe("cheap");
  });

  test("that does not exist is refused with those that are near", async () => {
    expect(await refused(404, "route/turn")).toContain("did you mean route/turns?");
  });
});

test("a model of which nobody knows the price has no cost, and is no bargain", async () => {
  const reply = await gateway.chat("two", picture);
  expect(reply.headers.get("x-nexora-provider")).toBe("blank");
  expect(reply.headers.get("x-nexora-cost-usd")).toBeNull();
});

test("a definition that is changed counts once it is read", async () => {
  const file = join(gateway.daemon.home, "providers/blank.yaml");
  const definition = { baseUrl: `${blank.url}/v2`, auth: null, models: [{ id: "two", price }] };
  writeFileSync(file, JSON.stringify(definition));
  await gateway.daemon.call("GET", "/v1/gateway/providers");
  const reply = await gateway.chat("two");
  expect(Number(reply.headers.get("x-nexora-cost-usd"))).toBeGreaterThan(0);
  expect(blank.requests.at(-1)?.path).toBe("/v2/chat/completions");
});
