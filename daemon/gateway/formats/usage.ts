import type { Usage } from "./format.ts";
import { type Json, type JsonObject, objectOf } from "./json.ts";

/** A number of tokens; null for anything else. */
function count(value: Json | undefined): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/** The first of them that is a number of tokens, else 0. */
function first(...values: (Json | undefined)[]): number {
  for (const value of values) {
    const tokens = count(value);
    if (tokens !== null) return tokens;
  }
  return 0;
}

/** Of a total with its cached and cache-written tokens: what is left. */
function rest(total: number | null, cached: number, written: number): number | null {
  return total === null ? null : Math.max(0, total - cached - written);
}

/**
 * `usage` of Chat Completions and Embeddings, where `prompt_tokens` has all of them. DeepSeek and
 * Moonshot name the cached ones at the top; xAI counts reasoning beside `completion_tokens`.
 */
export function readChatUsage(usage: JsonObject): Usage | null {
  const prompt = count(usage.prompt_tokens);
  const completion = count(usage.completion_tokens);
  if (prompt === null && completion === null) return null;
  const details = objectOf(usage.prompt_tokens_details);
  const cachedInput = first(
    details.cached_tokens,
    usage.prompt_cache_hit_tokens,
    usage.cached_tokens,
  );
  const cacheWrite = first(details.cache_write_tokens);
  const reasoning = first(objectOf(usage.completion_tokens_details).reasoning_tokens);
  const beside = count(usage.total_tokens) === (prompt ?? 0) + (completion ?? 0) + reasoning;
  const output = completion === null || !beside ? completion : completion + reasoning;
  return {
    input: rest(prompt, cachedInput, cacheWrite),
    cachedInput,
    cacheWrite,
    output,
    reasoning,
  };
}

export function writeChatUsage(usage: Usage): JsonObject {
  const prompt = (usage.input ?? 0) + usage.cachedInput + usage.cacheWrite;
  const completion = usage.output ?? 0;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: {
      cached_tokens: usage.cachedInput,
      cache_write_tokens: usage.cacheWrite,
    },
    completion_tokens_details: { reasoning_tokens: usage.reasoning },
  };
}

/** `usage` of the Responses API, where `input_tokens` has all of them. */
export function readResponsesUsage(usage: JsonObject): Usage | null {
  const input = count(usage.input_tokens);
  const output = count(usage.output_tokens);
  if (input === null && output === null) return null;
  const details = objectOf(usage.input_tokens_details);
  const cachedInput = first(details.cached_tokens);
  const cacheWrite = first(details.cache_write_tokens);
  const reasoning = first(objectOf(usage.output_tokens_details).reasoning_tokens);
  return {
    input: rest(input, cachedInput, cacheWrite),
    cachedInput,
    cacheWrite,
    output,
    reasoning,
  };
}

export function writeResponsesUsage(usage: Usage): JsonObject {
  const input = (usage.input ?? 0) + usage.cachedInput + usage.cacheWrite;
  const output = usage.output ?? 0;
  return {
    input_tokens: input,
    input_tokens_details: {
      cached_tokens: usage.cachedInput,
      cache_write_tokens: usage.cacheWrite,
    },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: usage.reasoning },
    total_tokens: input + output,
  };
}

/** `usage` of the Messages API, where `input_tokens` has neither cached nor cache-written ones. */
export function readMessagesUsage(usage: JsonObject): Usage | null {
  const input = count(usage.input_tokens);
  const output = count(usage.output_tokens);
  if (input === null && output === null) return null;
  return {
    input,
    cachedInput: first(usage.cache_read_input_tokens),
    cacheWrite: first(usage.cache_creation_input_tokens),
    output,
    reasoning: first(objectOf(usage.output_tokens_details).thinking_tokens),
  };
}

export function writeMessagesUsage(usage: Usage): JsonObject {
  return {
    input_tokens: usage.input ?? 0,
    cache_creation_input_tokens: usage.cacheWrite,
    cache_read_input_tokens: usage.cachedInput,
    output_tokens: usage.output ?? 0,
    output_tokens_details: { thinking_tokens: usage.reasoning },
  };
}

/** `usageMetadata` of Gemini: thoughts are counted beside the candidates, and billed as output. */
export function readGeminiUsage(usage: JsonObject): Usage | null {
  const prompt = count(usage.promptTokenCount);
  const candidates = count(usage.candidatesTokenCount);
  if (prompt === null && candidates === null) return null;
  const cachedInput = first(usage.cachedContentTokenCount);
  const reasoning = first(usage.thoughtsTokenCount);
  const total = prompt === null ? null : prompt + first(usage.toolUsePromptTokenCount);
  const output = candidates === null && reasoning === 0 ? null : (candidates ?? 0) + reasoning;
  return { input: rest(total, cachedInput, 0), cachedInput, cacheWrite: 0, output, reasoning };
}

/**
 * What a stream of the Messages API has said so far, with what it says now. Its counts are totals,
 * so that a later one replaces an earlier one; some providers say 0 where they mean nothing.
 */
export function mergeMessagesUsage(before: JsonObject, now: JsonObject): JsonObject {
  const merged = { ...before };
  for (const [name, value] of Object.entries(now)) {
    if (value === null || (value === 0 && merged[name])) continue;
    merged[name] = value;
  }
  return merged;
}
