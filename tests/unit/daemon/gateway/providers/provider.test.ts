import { describe, expect, test } from "bun:test";
import { builtIn } from "../../../../../daemon/gateway/providers/built-in.ts";
import { costOf } from "../../../../../daemon/gateway/providers/cost.ts";
import { fitted, headersOf, urlOf } from "../../../../../daemon/gateway/providers/provider.ts";

function provider(id: string) {
  const found = builtIn.find((each) => each.id === id);
  if (!found) throw new Error(`no provider ${id}`);
  return { ...found, models: [] };
}

describe("a request goes", () => {
  test("to the path of its format, and nowhere for one that is not spoken", () => {
    expect(urlOf(provider("openai"), "openai-chat")).toBe(
      "https://api.openai.com/v1/chat/completions",
    );
    expect(urlOf(provider("deepseek"), "anthropic-messages")).toBe(
      "https://api.deepseek.com/anthropic/v1/messages",
    );
    expect(urlOf(provider("openai"), "anthropic-messages")).toBeNull();
  });

  test("with the key where that provider wants it in that format", () => {
    const key = "sk-1";
    expect(headersOf(provider("openai"), "openai-chat", key)).toEqual({
      authorization: "Bearer sk-1",
    });
    expect(headersOf(provider("anthropic"), "anthropic-messages", key)).toEqual({
      "anthropic-version": "2023-06-01",
      "x-api-key": "sk-1",
    });
    expect(headersOf(provider("google"), "gemini", key)).toEqual({ "x-goog-api-key": "sk-1" });
    expect(headersOf(provider("google"), "openai-chat", key)).toEqual({
      authorization: "Bearer sk-1",
    });
  });

  test("without one where none is wanted or there", () => {
    expect(headersOf(provider("ollama"), "openai-chat", "sk-1")).toEqual({});
    expect(headersOf(provider("openai"), "openai-chat", null)).toEqual({});
  });

  test("without the fields that the provider refuses, but with the limit that they held", () => {
    const body = { model: "m", max_completion_tokens: 5, stream_options: {}, temperature: 1 };
    expect(fitted(provider("mistral"), "openai-chat", body)).toEqual({
      model: "m",
      max_tokens: 5,
      temperature: 1,
    } as never);
    expect(fitted(provider("mistral"), "openai-embeddings", body)).toBe(body);
    expect(fitted(provider("openai"), "openai-chat", body)).toBe(body);
    const both = { max_tokens: 3, max_completion_tokens: 5 };
    expect(fitted(provider("mistral"), "openai-chat", both)).toEqual({ max_tokens: 3 } as never);
  });
});

describe("a cost", () => {
  const price = {
    input: 1,
    output: 10,
    cachedInput: 0.1,
    cacheWrite: null,
    tiers: [
      { above: 500_000, input: 4, output: 40, cachedInput: null, cacheWrite: null },
      { above: 200_000, input: 2, output: 20, cachedInput: 0.2, cacheWrite: 3 },
    ],
  };
  const tokens = { input: 0, cachedInput: 0, cacheWrite: 0, output: 0 };

  test("counts each kind of token once, at its own rate", () => {
    const usage = { input: 100_000, cachedInput: 50_000, cacheWrite: 10_000, output: 1000 };
    expect(costOf(price, usage)).toBeCloseTo(0.1 + 0.005 + 0.01 + 0.01, 12);
  });

  test("follows the rates of long requests, by all that went in", () => {
    expect(costOf(price, { ...tokens, input: 200_000 })).toBeCloseTo(0.2, 12);
    expect(costOf(price, { ...tokens, input: 100_000, cachedInput: 150_000 })).toBeCloseTo(
      0.23,
      12,
    );
    expect(costOf(price, { ...tokens, input: 600_000, output: 1000 })).toBeCloseTo(2.44, 12);
  });

  test("is unknown, not 0, when the price or the tokens are", () => {
    expect(costOf(null, { ...tokens, input: 5 })).toBeNull();
    expect(costOf(price, { ...tokens, input: null })).toBeNull();
    expect(costOf(price, { ...tokens, output: null })).toBeNull();
  });
});
