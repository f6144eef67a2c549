import { isObject, type Json, type JsonObject, objectOf, parseObject, textOf } from "./json.ts";

/**
 * Where a piece of reasoning came from, so that it can go back there as it was: a provider that
 * thinks between tool calls asks for its own words, signed or sealed, and for nobody else's.
 */
export type Origin =
  /** Plain text in this field of a Chat message, or in a part of its content (Mistral). */
  | { field: "reasoning_content" | "reasoning" | "thinking" }
  /** An entry of `reasoning_details` (OpenRouter), without its text. */
  | { detail: JsonObject }
  /** `extra_content` of a tool call with this id (the thought signatures of Gemini). */
  | { call: string; extra: JsonObject }
  /** The signature of a thinking block of Messages. */
  | { signature: string }
  /** The data of a redacted one. */
  | { redacted: string };

const prefix = "nexora1.";

/**
 * An origin as an opaque text, for the place where the client's format has one that clients give
 * back unchanged: `signature` and `data` of Messages, `encrypted_content` of Responses.
 */
export function markOf(origin: Origin): string {
  return prefix + Buffer.from(JSON.stringify(origin)).toString("base64url");
}

/** The origin in a text; null when it is none of ours. */
export function readMark(text: Json | undefined): Origin | null {
  if (typeof text !== "string" || !text.startsWith(prefix)) return null;
  const origin = parseObject(Buffer.from(text.slice(prefix.length), "base64url").toString("utf8"));
  if (!origin) return null;
  const { field, detail, call, extra, signature, redacted } = origin;
  if (field === "reasoning_content" || field === "reasoning" || field === "thinking") {
    return { field };
  }
  if (isObject(detail)) return { detail };
  if (typeof call === "string" && isObject(extra)) return { call, extra };
  if (typeof signature === "string") return { signature };
  return typeof redacted === "string" ? { redacted } : null;
}

function isOurs(block: Json): boolean {
  const { type, signature, data } = objectOf(block);
  if (type === "thinking") return textOf(signature).startsWith(prefix);
  return type === "redacted_thinking" && textOf(data).startsWith(prefix);
}

/** Messages without the thinking that this gateway has made of other providers' reasoning. */
export function withoutOurThinking(messages: Json): Json {
  if (!Array.isArray(messages)) return messages;
  const isMarked = (message: Json) => {
    const { content } = objectOf(message);
    return Array.isArray(content) && content.some(isOurs);
  };
  if (!messages.some(isMarked)) return messages;
  return messages.flatMap((message) => {
    if (!isObject(message) || !Array.isArray(message.content)) return [message];
    const content = message.content.filter((block) => !isOurs(block));
    return content.length > 0 ? [{ ...message, content }] : [];
  });
}
