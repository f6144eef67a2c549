import { BadRequest } from "../errors.ts";
import { type Json, type JsonObject, objectOf, objectsOf, textOf } from "../json.ts";
import { assistantMessage } from "./assistant.ts";
import { contentOf, gap, partsOf, textPart } from "./content.ts";

/** The system prompt and messages of a Messages request as those of Chat. Throws BadRequest. */
export function conversationOf(system: Json | undefined, messages: Json | undefined): JsonObject[] {
  if (!Array.isArray(messages)) throw new BadRequest("messages must be a list", "messages");
  const prompt = systemText(system);
  return [
    ...(prompt ? [{ role: "system", content: prompt }] : []),
    ...messages.flatMap((message, index) => converted(objectOf(message), `messages[${index}]`)),
  ];
}

function systemText(content: Json | undefined): string {
  if (typeof content === "string") return content;
  return objectsOf(content)
    .map(({ text }) => textOf(text))
    .filter(Boolean)
    .join(gap);
}

function converted({ role, content }: JsonObject, param: string): JsonObject[] {
  if (typeof content !== "string" && !Array.isArray(content)) {
    throw new BadRequest("content must be a string or a list of blocks", `${param}.content`);
  }
  if (role === "system") return [{ role, content: systemText(content) }];
  if (role !== "user" && role !== "assistant") {
    throw new BadRequest("role must be user, assistant or system", `${param}.role`);
  }
  if (typeof content === "string") return [{ role, content }];
  const blocks = objectsOf(content);
  return role === "assistant"
    ? [assistantMessage(blocks, `${param}.content`)]
    : userMessages(blocks, `${param}.content`);
}

/**
 * Results of tools have a role of their own in Chat, and must follow the calls; they are text only,
 * so that their pictures go into the user's message behind them.
 */
function userMessages(blocks: JsonObject[], param: string): JsonObject[] {
  const results: JsonObject[] = [];
  const rest: JsonObject[] = [];
  for (const [index, block] of blocks.entries()) {
    const at = `${param}[${index}]`;
    if (block.type !== "tool_result") {
      rest.push(...partsOf(block, at));
      continue;
    }
    const { text, media } = resultOf(block, at);
    const id = textOf(block.tool_use_id);
    results.push({ role: "tool", tool_call_id: id, content: text });
    if (media.length > 0) rest.push(textPart(`What the tool call ${id} returned:`), ...media);
  }
  if (rest.length === 0) return results;
  return [...results, { role: "user", content: contentOf(rest) }];
}

function resultOf(block: JsonObject, param: string): { text: string; media: JsonObject[] } {
  const { content } = block;
  const parts =
    typeof content === "string"
      ? [textPart(content)]
      : objectsOf(content).flatMap((inner, index) => partsOf(inner, `${param}.content[${index}]`));
  const media = parts.filter(({ type }) => type !== "text");
  const text = parts.map(({ text }) => textOf(text)).filter(Boolean);
  if (media.length > 0) text.push("(in the next message)");
  // There is no field for it, and models know the word.
  const failed = block.is_error === true ? "Error: " : "";
  return { text: failed + text.join(gap), media };
}
