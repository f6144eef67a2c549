import { type Json, type JsonObject, objectsOf } from "../json.ts";
import { thinksAdaptively } from "../traits.ts";

/** Tokens of thinking for an effort in words, for models that want a number; at least 1024. */
const budgets: ReadonlyMap<string, number> = new Map([
  ["minimal", 1024],
  ["low", 2048],
  ["medium", 8192],
  ["high", 16_384],
  ["xhigh", 24_576],
  ["max", 32_768],
]);

/** What a conversation allows: it goes on after tool calls, or a tool is demanded. */
export interface Situation {
  maxTokens: number;
  turns: readonly JsonObject[];
  /** Whether the answer must be a tool call. */
  forced: boolean;
}

/**
 * `reasoning_effort` in the words of Messages, with the limit of tokens, which includes thinking
 * there; empty when the model should not think. Thinking cannot be had when a tool is demanded, nor
 * when a turn of tool calls that was begun without (or lost it on the way) goes on.
 */
export function thinkingFields(
  effort: Json | undefined,
  model: string,
  { maxTokens, turns, forced }: Situation,
): JsonObject {
  const budget = typeof effort === "string" ? budgets.get(effort) : undefined;
  if (typeof effort !== "string" || budget === undefined) return {};
  if (thinksAdaptively(model)) {
    const output_config = { effort: effort === "minimal" ? "low" : effort };
    // Without `display`, newer models give the signature only.
    const thinking = { type: "adaptive", display: "summarized" };
    return forced ? { output_config } : { thinking, output_config };
  }
  if (forced || lostThinking(turns)) return {};
  return {
    thinking: { type: "enabled", budget_tokens: budget },
    max_tokens: maxTokens + budget,
  };
}

function lostThinking(turns: readonly JsonObject[]): boolean {
  const last = objectsOf(turns.findLast(({ role }) => role === "assistant")?.content);
  const results = objectsOf(turns.at(-1)?.content).some(({ type }) => type === "tool_result");
  const thinks = last.some(({ type }) => type === "thinking" || type === "redacted_thinking");
  return results && !thinks;
}
