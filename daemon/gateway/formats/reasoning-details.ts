import { isObject, type Json, type JsonObject, objectsOf, textOf } from "./json.ts";
import type { Origin } from "./mark.ts";

/**
 * Chat Completions has no place for signed reasoning. OpenRouter's `reasoning_details` is what
 * clients know. Ours are told from a provider's own by their ids.
 */
const ours = "nexora-";
const format = "anthropic-claude-v1";

/** Thinking of Messages as the entry with this index; null for reasoning that came from elsewhere. */
export function detailOf(origin: Origin, text: string, index: number): JsonObject | null {
  const common = { format, id: `${ours}${index}`, index };
  if ("signature" in origin) {
    return { type: "reasoning.text", text, signature: origin.signature, ...common };
  }
  if ("redacted" in origin)
    return { type: "reasoning.encrypted", data: origin.redacted, ...common };
  return null;
}

/** The thinking blocks in the `reasoning_details` of a Chat message, ours or OpenRouter's. */
export function thinkingIn(details: Json | undefined): JsonObject[] {
  return objectsOf(details).flatMap((detail): JsonObject[] => {
    const { type, text, signature, data } = detail;
    if (!textOf(detail.format).startsWith("anthropic")) return [];
    if (type === "reasoning.text" && typeof signature === "string") {
      return [{ type: "thinking", thinking: textOf(text), signature }];
    }
    if (type === "reasoning.encrypted" && typeof data === "string") {
      return [{ type: "redacted_thinking", data }];
    }
    return [];
  });
}

/** Chat messages without the reasoning that this gateway has translated: others refuse the fields. */
export function withoutOurReasoning(messages: Json): Json {
  if (!Array.isArray(messages)) return messages;
  const isMarked = (message: Json) =>
    isObject(message) &&
    objectsOf(message.reasoning_details).some(({ id }) => textOf(id).startsWith(ours));
  if (!messages.some(isMarked)) return messages;
  return messages.map((message) => {
    if (!isObject(message) || !isMarked(message)) return message;
    const { reasoning_details: _, reasoning_content: __, ...kept } = message;
    return kept;
  });
}
