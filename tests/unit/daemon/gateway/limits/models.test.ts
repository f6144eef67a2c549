import { expect, test } from "bun:test";
import { allows } from "../../../../../daemon/gateway/limits/models.ts";

test.each([
  ["claude-sonnet-5", "anthropic", "claude-sonnet-5", true],
  ["claude-sonnet-5", "bedrock", "claude-sonnet-5", true],
  ["claude-sonnet-5", "anthropic", "claude-sonnet-5-mini", false],
  ["claude-*", "anthropic", "claude-opus-5", true],
  ["*-mini", "openai", "gpt-5-mini", true],
  ["*-mini", "openai", "gpt-5-mini-high", false],
  ["claude-*", "openrouter", "anthropic/claude-opus-5", true],
  ["anthropic*", "openrouter", "anthropic/claude-opus-5", true],
  ["gpt-*", "openrouter", "anthropic/claude-opus-5", false],
  ["groq/*", "groq", "meta/llama-3.3-70b", true],
  ["groq/*", "grok", "llama-3.3-70b", false],
  ["groq/*llama*70b", "groq", "meta/llama-3.3-70b", true],
  ["*", "any", "any/thing", true],
  // Another provider that has the model under that name is not the provider that is named.
  ["anthropic/claude-opus-5", "openrouter", "anthropic/claude-opus-5", false],
  ["openrouter/anthropic/*", "openrouter", "anthropic/claude-opus-5", true],
  ["a*a", "x", "a", false],
  ["a**a", "x", "aa", true],
  ["*ab*ab", "x", "ab", false],
  ["gpt.5", "openai", "gpt-5", false],
])("%s fits %s/%s: %p", (pattern, provider, model, expected) => {
  expect(allows([pattern], provider, model)).toBe(expected);
});

test("a route is allowed by its name, and no model by itself with it", () => {
  expect(allows(["route/cheap"], "groq", "llama", "route/cheap")).toBe(true);
  expect(allows(["route/*"], "groq", "llama", "route/cheap")).toBe(true);
  expect(allows(["route/cheap"], "groq", "llama", "route/dear")).toBe(false);
  expect(allows(["route/cheap"], "groq", "llama", "llama")).toBe(false);
  expect(allows(["route/cheap"], "groq", "llama")).toBe(false);
});

test("without patterns all fit, with none of them none", () => {
  expect(allows(null, "openai", "gpt-5")).toBe(true);
  expect(allows([], "openai", "gpt-5")).toBe(false);
});

test("a pattern of many stars is no work", () => {
  const pattern = `${"*a".repeat(90)}*b`;
  expect(allows([pattern], "x", "a".repeat(100_000))).toBe(false);
});
