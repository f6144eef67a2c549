import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { assets } from "../../../../../daemon/assets.ts";
import { builtIn } from "../../../../../daemon/gateway/providers/built-in.ts";
import { Catalogue } from "../../../../../daemon/gateway/providers/catalogue.ts";
import { readDefinition } from "../../../../../daemon/gateway/providers/definition-file.ts";
import {
  type Listing,
  listingFile,
  readListing,
  sizeOf,
  writeListing,
} from "../../../../../daemon/gateway/providers/listing.ts";
import { formatsOf, nameOf } from "../../../../../daemon/gateway/providers/provider.ts";

const file = listingFile.parse(JSON.parse(readFileSync(assets.models(), "utf8")));
const listing = readListing(file);
const catalogue = new Catalogue(builtIn, listing);
const names = (name: string, from = catalogue) => from.find(name).map(nameOf);

describe("the snapshot", () => {
  test("has models of every provider that models.dev lists", () => {
    const listed = builtIn.flatMap(({ listedAs }) => listedAs ?? []);
    expect(Object.keys(listing.providers).sort()).toEqual(listed.sort());
    expect(sizeOf(listing)).toBeGreaterThan(500);
  });

  test("is the same when it is written and read again", () => {
    expect(writeListing(listing)).toEqual(file);
  });

  test("knows prices, and none of 0 but of what is called free", () => {
    const models = Object.values(listing.providers).flat();
    const zero = models.filter(({ price }) => price?.input === 0 && price.output === 0);
    expect(zero.filter(({ id }) => !id.includes("free"))).toEqual([]);
    expect(models.filter(({ price }) => price).length).toBeGreaterThan(models.length / 2);
  });
});

describe("the providers", () => {
  test("are those that come with Nexora, each with a format and an address without a slash at its end", () => {
    const providers = catalogue.providers();
    expect(providers.length).toBe(23);
    for (const { baseUrl, formats, local } of providers) {
      expect(Object.keys(formats)).not.toBeEmpty();
      expect(baseUrl).toMatch(local ? /^http:\/\/127\.0\.0\.1:\d+\// : /^https:\/\/.*[^/]$/);
    }
  });
});

describe("a name", () => {
  test("with a provider is one model of that provider", () => {
    expect(names("anthropic/claude-sonnet-4-5")).toEqual(["anthropic/claude-sonnet-4-5"]);
    expect(names("openrouter/anthropic/claude-sonnet-4.5")).toEqual([
      "openrouter/anthropic/claude-sonnet-4.5",
    ]);
  });

  test("with a provider may be written as another vendor writes it", () => {
    expect(names("anthropic/Claude-Sonnet-4.5")).toEqual(["anthropic/claude-sonnet-4-5"]);
  });

  test("without one is that model wherever it is, its maker first", () => {
    const found = names("claude-sonnet-4-5");
    expect(found[0]).toBe("anthropic/claude-sonnet-4-5");
    expect(found).toContain("openrouter/anthropic/claude-sonnet-4.5");
    expect(names("CLAUDE-sonnet-4.5")).toEqual(found);
  });

  test("of a vendor who is no provider is found where it is listed", () => {
    const found = names("meta-llama/llama-3.3-70b-instruct");
    expect(found).toContain("openrouter/meta-llama/llama-3.3-70b-instruct");
  });

  test("that nobody has is nothing, and has neighbours", () => {
    expect(names("claude-sonet-4-5")).toEqual([]);
    expect(catalogue.nearest("claude-sonet-4-5")).toContain("claude-sonnet-4-5");
    expect(names("anthropic/claude-sonet-4-5")).toEqual([]);
    expect(catalogue.nearest("anthropic/claude-sonet-4-5")).toContain(
      "anthropic/claude-sonnet-4-5",
    );
    expect(catalogue.nearest("")).toEqual([]);
  });

  test.each(["", "/", "openai/", "/gpt-5", "__proto__", "openai/__proto__", "x".repeat(1e6)])(
    "such as %p does no harm",
    (name) => {
      expect(names(name)).toEqual([]);
      expect(catalogue.nearest(name)).toBeArray();
    },
  );

  test("of a program on this machine may be any, and costs nothing", () => {
    const [target] = catalogue.find("ollama/qwen3:8b");
    expect(target?.model).toMatchObject({ id: "qwen3:8b", context: null });
    const usage = { input: 10, cachedInput: 0, cacheWrite: 0, output: 10, reasoning: 0 };
    expect(catalogue.costOf("ollama", "qwen3:8b", usage)).toBe(0);
  });
});

describe("a model that is asked in some formats only", () => {
  const formats = (name: string) => catalogue.find(name).map(formatsOf);

  test("says so, as OpenAI's without chat completions do, and those that make embeddings", () => {
    expect(formats("openai/gpt-5-pro")).toEqual([["openai-responses"]]);
    expect(formats("openai/o3-deep-research")).toEqual([["openai-responses"]]);
    expect(formats("openai/text-embedding-3-small")).toEqual([["openai-embeddings"]]);
    expect(formats("openai/gpt-5")[0]).toContain("openai-chat");
  });
});

describe("a file of the user's", () => {
  const own = (id: string, value: unknown) => readDefinition(id, value, catalogue.original(id));
  const small: Listing = {
    date: "2026-01-01",
    providers: {
      openai: [
        {
          id: "gpt-5",
          context: 400_000,
          maxOutput: 128_000,
          vision: true,
          tools: true,
          price: { input: 1, output: 10, cachedInput: 0.1, cacheWrite: null, tiers: [] },
        },
      ],
    },
  };
  const usage = { input: 1e6, cachedInput: 0, cacheWrite: 0, output: 0, reasoning: 0 };

  test("adds a provider, which comes before the others", () => {
    const value = { baseUrl: "https://llm.acme.example/v1/", models: [{ id: "gpt-5" }] };
    const with_ = new Catalogue(builtIn, small, [own("acme", value)]);
    expect(names("gpt-5", with_)).toEqual(["acme/gpt-5", "openai/gpt-5"]);
    expect(with_.provider("acme")).toMatchObject({
      baseUrl: "https://llm.acme.example/v1",
      formats: { "openai-chat": "/chat/completions" },
      auth: { header: "authorization", scheme: "Bearer" },
      anyModel: false,
    });
    expect(with_.costOf("acme", "gpt-5", usage)).toBeNull();
  });

  test("changes a price, and nothing else, also after prices were refreshed", () => {
    const price = { input: 0.5, output: 4 };
    const changed = new Catalogue(builtIn, small, [
      own("openai", { models: [{ id: "gpt-5", price }] }),
    ]);
    expect(changed.costOf("openai", "gpt-5", usage)).toBe(0.5);
    changed.relist({ ...small, date: "2026-02-02" });
    expect(changed.listed).toBe("2026-02-02");
    expect(changed.costOf("openai", "gpt-5", usage)).toBe(0.5);
    expect(changed.find("openai/gpt-5")[0]?.model).toMatchObject({
      context: 400_000,
      vision: true,
    });
    changed.redefine([]);
    expect(changed.costOf("openai", "gpt-5", usage)).toBe(1);
  });

  test("may say that a price is not known after all", () => {
    const unpriced = [own("openai", { models: [{ id: "gpt-5", price: null }] })];
    expect(new Catalogue(builtIn, small, unpriced).costOf("openai", "gpt-5", usage)).toBeNull();
  });
});
