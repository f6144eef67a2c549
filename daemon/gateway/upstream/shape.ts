import type { WireFormat } from "../formats/format.ts";
import { isObject, type Json, type JsonObject } from "../formats/json.ts";

/** Members of which every reply of a format has one, and that hold what the model has made. */
const members: Record<WireFormat, string[]> = {
  "openai-chat": ["choices"],
  "openai-responses": ["output"],
  "openai-embeddings": ["data"],
  "anthropic-messages": ["content"],
  // A prompt that was blocked has feedback and no candidates.
  gemini: ["candidates", "promptFeedback"],
};

/**
 * Whether JSON is a reply of this format, as far as a look tells: not something else, and not an
 * error with status 200.
 */
export function isReply(wire: WireFormat, value: JsonObject): boolean {
  return members[wire].some((name) => typeof value[name] === "object" && value[name] !== null);
}

/** JSON, or undefined when it is none. */
export function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Most of an error that is repeated, in characters. */
const maxMessage = 500;

/** What an error says for people, whatever its form. */
export function messageOf(text: string): string {
  const value = parsed(text);
  const said = isObject(value) ? (textOf(value.error) ?? textOf(value)) : text.trim();
  return (said ?? "").replace(/\s+/g, " ").slice(0, maxMessage);
}

function textOf(value: Json | undefined): string | null {
  if (typeof value === "string") return value;
  if (!isObject(value)) return null;
  for (const name of ["message", "detail", "error"]) {
    const said = value[name];
    if (typeof said === "string") return said;
  }
  return null;
}
