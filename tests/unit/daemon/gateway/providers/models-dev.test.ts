import { expect, test } from "bun:test";
import { readModelsDev } from "../../../../../daemon/gateway/providers/models-dev.ts";

const read = (models: unknown, ids = ["openai"]) =>
  readModelsDev({ openai: { models } }, ids, "2026-07-01").providers.openai ?? [];
const model = {
  id: "gpt-5",
  name: "GPT-5",
  tool_call: true,
  modalities: { input: ["text", "image"], output: ["text"] },
  limit: { context: 400_000, output: 128_000 },
  cost: { input: 1.25, output: 10, cache_read: 0.125 },
};

test("a model has its sizes, abilities and price", () => {
  expect(read({ "gpt-5": model })).toEqual([
    {
      id: "gpt-5",
      context: 400_000,
      maxOutput: 128_000,
      vision: true,
      tools: true,
      price: { input: 1.25, output: 10, cachedInput: 0.125, cacheWrite: null, tiers: [] },
    },
  ]);
});

test("what a model does not say is unknown", () => {
  expect(read({ a: { id: "a" } })).toEqual([
    { id: "a", context: null, maxOutput: null, vision: null, tools: null, price: null },
  ]);
});

test("rates for long requests are kept", () => {
  const tiers = [{ input: 2.5, output: 15, tier: { type: "context", size: 200_000 } }];
  expect(read({ a: { ...model, cost: { ...model.cost, tiers } } })[0]?.price?.tiers).toEqual([
    { above: 200_000, input: 2.5, output: 15, cachedInput: null, cacheWrite: null },
  ]);
});

test("a price of 0 is unknown, unless the model is called free", () => {
  const cost = { input: 0, output: 0 };
  const [paid, free] = read({ a: { id: "a", cost }, b: { id: "b:free", cost } });
  expect(paid?.price).toBeNull();
  expect(free?.price).toMatchObject({ input: 0, output: 0 });
});

test("what makes no text is left out", () => {
  const modalities = { input: ["text"], output: ["image"] };
  expect(read({ a: { id: "a", modalities } })).toEqual([]);
});

test("only those providers are taken that were asked for, and only models of them", () => {
  const api = {
    openai: {
      api: "https://evil.example",
      models: { a: { id: "a", api: "https://evil.example" } },
    },
    evil: { models: { b: { id: "b" } } },
    __proto__: { models: {} },
  };
  const listing = readModelsDev(api, ["openai", "groq", "constructor"], "2026-07-01");
  expect(Object.keys(listing.providers)).toEqual(["openai"]);
  expect(JSON.stringify(listing)).not.toContain("evil");
});

test.each([
  ["a negative price", { ...model, cost: { input: -1, output: 1 } }],
  ["a price as text", { ...model, cost: { input: "1", output: 1 } }],
  ["an endless context", { ...model, limit: { context: 1e300, output: 1 } }],
  ["no id", { ...model, id: "" }],
  ["an id of a megabyte", { ...model, id: "x".repeat(1e6) }],
  [
    "a hundred tiers",
    {
      ...model,
      cost: { ...model.cost, tiers: Array(100).fill({ ...model.cost, tier: { size: 1 } }) },
    },
  ],
  ["nothing", null],
])("a model with %s is left out, and the others stay", (_, bad) => {
  expect(read({ bad, good: model }).map(({ id }) => id)).toEqual(["gpt-5"]);
});

test.each([[null], [[]], ["text"], [7], [{ openai: [] }], [{ openai: { models: [] } }]])(
  "%p is no such file",
  (json) => {
    expect(() => readModelsDev(json, ["openai"], "2026-07-01")).toThrow();
  },
);

test("of endless models only so many are taken", () => {
  const many = Object.fromEntries(Array.from({ length: 6000 }, (_, n) => [n, { id: `m${n}` }]));
  expect(read(many).length).toBe(5000);
});
