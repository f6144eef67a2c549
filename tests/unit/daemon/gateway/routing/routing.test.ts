import { beforeEach, describe, expect, test } from "bun:test";
import { GatewayError } from "../../../../../daemon/gateway/error.ts";
import { builtIn } from "../../../../../daemon/gateway/providers/built-in.ts";
import { Catalogue } from "../../../../../daemon/gateway/providers/catalogue.ts";
import { type Model, nameOf } from "../../../../../daemon/gateway/providers/provider.ts";
import { type RouteRequest, Routing } from "../../../../../daemon/gateway/routing/routing.ts";
import { routeConfig, type WireFormat } from "../../../../../src/contract/gateway.ts";

const model = (id: string, input: number | null, more: Partial<Model> = {}): Model => ({
  id,
  context: 100_000,
  maxOutput: 8000,
  vision: false,
  tools: true,
  price:
    input === null
      ? null
      : { input, output: 4 * input, cachedInput: null, cacheWrite: null, tiers: [] },
  ...more,
});

/** Three providers of one model, at three prices; and one that sees. */
const catalogue = new Catalogue(builtIn, {
  date: "2026-01-01",
  providers: {
    groq: [model("llama-4", 0.5)],
    togetherai: [model("meta/Llama-4", 0.2), model("vl", 1, { vision: true })],
    deepinfra: [model("llama-4", null)],
    openai: [model("gpt-5", 1, { vision: true, context: 400_000 })],
    anthropic: [model("claude-5", 1)],
    google: [model("gemini-3", 1, { vision: null })],
  },
});
const [groq, together, deepinfra] = ["groq/llama-4", "together/meta/Llama-4", "deepinfra/llama-4"];

let now = 0;
beforeEach(() => {
  now = 0;
});

const routes = (given: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(given).map(([name, it]) => [name, routeConfig.parse(it)]));

function routing(given: Record<string, unknown> = {}, more: { speaks?: typeof same } = {}) {
  const parts = { catalogue, routes: routes(given), strategy: "cheapest" as const, speaks: same };
  return new Routing({ ...parts, now: () => now, ...more });
}

const same = (client: WireFormat, provider: WireFormat) => client === provider;
const plain: RouteRequest = {
  model: "llama-4",
  needs: { vision: false, tools: false },
  inputTokens: 1000,
  client: "openai-chat",
  may: () => true,
};

const plan = (it: Routing, more: Partial<RouteRequest> = {}) =>
  it.plan({ ...plain, ...more }).map(nameOf);

function refusal(it: Routing, more: Partial<RouteRequest>): GatewayError {
  try {
    plan(it, more);
  } catch (thrown) {
    if (thrown instanceof GatewayError) return thrown;
    throw thrown;
  }
  throw new Error("it was not refused");
}

function target(name: string) {
  const [found] = catalogue.find(name);
  if (!found) throw new Error(`no target ${name}`);
  return found;
}

describe("cheapest", () => {
  test("goes by price, the unpriced last", () => {
    expect(plan(routing())).toEqual([together, groq, deepinfra]);
  });

  test("prefers makers to others at the same price", () => {
    const models = ["anthropic/claude-5", "openai/gpt-5"];
    const it = routing({ a: { models }, b: { models: models.toReversed() } });
    const client = "openai-chat" as const;
    const speaks = () => true;
    expect(plan(routing({ a: { models } }, { speaks }), { model: "route/a", client })).toEqual(
      models,
    );
    expect(plan(it, { model: "route/b" })).toEqual(["openai/gpt-5"]);
  });
});

describe("fastest", () => {
  const fast = { fast: { strategy: "fastest", models: ["llama-4"] } };
  const model = "route/fast";

  test("measures each once, then takes the quickest", () => {
    const it = routing(fast);
    it.seen(target(groq), { firstMs: 300 });
    expect(plan(it, { model })).toEqual([together, deepinfra, groq].toSorted(inListOrder));
    it.seen(target(together), { firstMs: 500 });
    it.seen(target(deepinfra), { firstMs: 100 });
    expect(plan(it, { model })).toEqual([deepinfra, groq, together]);
  });

  test("follows what changes, without jumping at each outlier", () => {
    const it = routing(fast);
    for (const name of [groq, together, deepinfra]) it.seen(target(name), { firstMs: 200 });
    it.seen(target(groq), { firstMs: 100 });
    expect(plan(it, { model })[0]).toBe(groq);
    it.seen(target(groq), { firstMs: 5000 });
    expect(it.show(model)?.targets.at(-1)?.firstMs).toBe(170 + 0.3 * (5000 - 170));
    for (let count = 0; count < 20; count++) it.seen(target(groq), { firstMs: 100 });
    expect(plan(it, { model })[0]).toBe(groq);
  });

  test("puts who fails behind, and tries it again after a while", () => {
    const it = routing(fast);
    for (const name of [groq, together, deepinfra]) it.seen(target(name), { firstMs: 200 });
    it.seen(target(groq), { failed: true });
    expect(plan(it, { model }).at(-1)).toBe(groq);
    now += 10 * 60_000;
    it.seen(target(together), { firstMs: 200 });
    it.seen(target(deepinfra), { firstMs: 200 });
    expect(plan(it, { model })[0]).toBe(groq);
  });
});

/** As the catalogue lists them. */
function inListOrder(a: string, b: string): number {
  const order = catalogue.find("llama-4").map(nameOf);
  const place = (name: string) => (name === groq ? order.length : order.indexOf(name));
  return place(a) - place(b);
}

test("balanced takes the dearer when it is that much faster", () => {
  const it = routing({ both: { strategy: "balanced", models: [groq, together] } });
  it.seen(target(groq), { firstMs: 300 });
  it.seen(target(together), { firstMs: 600 });
  expect(plan(it, { model: "route/both" })).toEqual([together, groq]);
  for (let count = 0; count < 20; count++) it.seen(target(groq), { firstMs: 100 });
  expect(plan(it, { model: "route/both" })).toEqual([groq, together]);
});

test("round_robin gives each its turn, and has the others behind it", () => {
  const it = routing({ turns: { strategy: "round_robin", models: [groq, together, deepinfra] } });
  const model = "route/turns";
  expect(plan(it, { model })).toEqual([groq, together, deepinfra]);
  expect(plan(it, { model })).toEqual([together, deepinfra, groq]);
  expect(it.show(model)?.targets.map(({ target }) => nameOf(target))).toEqual([
    deepinfra,
    groq,
    together,
  ]);
  expect(plan(it, { model })).toEqual([deepinfra, groq, together]);
  expect(plan(it, { model })).toEqual([groq, together, deepinfra]);
});

test("weighted gives each its share, evenly spread", () => {
  const models = [
    { model: groq, weight: 3 },
    { model: together, weight: 1 },
  ];
  const it = routing({ split: { strategy: "weighted", models } });
  const first = Array.from({ length: 8 }, () => plan(it, { model: "route/split" })[0]);
  expect(first).toEqual([groq, groq, together, groq, groq, groq, together, groq]);
});

test("fallback keeps the order of the route, each target once", () => {
  const it = routing({ mine: { strategy: "fallback", models: [deepinfra, "llama-4"] } });
  expect(plan(it, { model: "route/mine" })).toEqual([
    deepinfra,
    ...catalogue
      .find("llama-4")
      .map(nameOf)
      .filter((name) => name !== deepinfra),
  ]);
});

describe("left out is", () => {
  test("who takes no pictures, or calls no tools, but not of whom it is unknown", () => {
    const it = routing({ eyes: { models: ["llama-4", "together/vl", "google/gemini-3"] } });
    const needs = { vision: true, tools: false };
    expect(plan(it, { model: "route/eyes", needs })).toEqual(["together/vl", "google/gemini-3"]);
    expect(refusal(it, { needs })).toMatchObject({
      kind: "invalid_request",
      message: expect.stringContaining("groq/llama-4 takes no pictures"),
    });
  });

  test("who is too small, with some room for the estimate", () => {
    const it = routing({ big: { models: ["llama-4", "openai/gpt-5"] } });
    expect(plan(it, { model: "route/big", inputTokens: 120_000 })).toContain(groq);
    expect(plan(it, { model: "route/big", inputTokens: 130_000 })).toEqual(["openai/gpt-5"]);
    expect(refusal(it, { inputTokens: 1e6 }).message).toContain("takes 100000 tokens");
  });

  test("whom the route's constraints exclude", () => {
    const models = ["llama-4", "openai/gpt-5", "together/vl"];
    const it = routing({
      cheap: { models, maxInputPrice: 0.3, maxOutputPrice: 100 },
      eyes: { models, vision: true, minContext: 200_000 },
    });
    expect(plan(it, { model: "route/cheap" })).toEqual([together]);
    expect(plan(it, { model: "route/eyes" })).toEqual(["openai/gpt-5"]);
  });

  test("who cannot be asked in the client's format", () => {
    const client = "anthropic-messages" as const;
    expect(refusal(routing(), { client }).message).toContain("anthropic-messages");
    const speaks = (from: WireFormat, to: WireFormat) => from === client && to === "openai-chat";
    expect(plan(routing({}, { speaks }), { client })).toEqual([together, groq, deepinfra]);
  });

  test("what the caller may not use", () => {
    const may = ({ provider }: { provider: { id: string } }) => provider.id === "groq";
    expect(plan(routing(), { may })).toEqual([groq]);
    expect(refusal(routing(), { may: () => false }).kind).toBe("forbidden");
  });
});

describe("refused is", () => {
  test("an unknown model, with the nearest names", () => {
    const error = refusal(routing(), { model: "lama-4" });
    expect(error).toMatchObject({ kind: "model_not_found", status: 404 });
    expect(error.message).toContain("did you mean llama-4?");
  });

  test("an unknown route", () => {
    const it = routing({ cheap: { models: ["llama-4"] } });
    expect(refusal(it, { model: "route/cheep" }).message).toContain("did you mean route/cheap?");
    expect(refusal(it, { model: "route/__proto__" }).kind).toBe("model_not_found");
  });

  test("a route whose models nobody has", () => {
    const it = routing({ old: { models: ["gone-1"] } });
    expect(refusal(it, { model: "route/old" })).toMatchObject({
      kind: "model_not_found",
      message: expect.stringContaining("gone-1"),
    });
    expect(it.show("route/old")).toMatchObject({ targets: [], unknown: ["gone-1"] });
  });
});

test("to show a route changes nothing, and it shows what is tried", () => {
  const it = routing();
  expect(it.show("llama-4")?.targets.map(({ target }) => nameOf(target))).toEqual([
    together,
    groq,
    deepinfra,
  ]);
  expect(it.show("nothing")).toBeNull();
});
