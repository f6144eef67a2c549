import { BadRequest } from "../errors.ts";
import { type Json, type JsonObject, objectOf, objectsOf, parseObject, textOf } from "../json.ts";
import { thinkingIn } from "../reasoning-details.ts";
import { blocksOf } from "./content.ts";

export interface Conversation {
  system: JsonObject[];
  messages: JsonObject[];
}

/**
 * The messages of a Chat request as system prompt and turns of a Messages request. Neighbours of
 * one role become one turn: results of tools must stand together, in front of what the user says.
 */
export function turnsOf(messages: Json | undefined): Conversation {
  if (!Array.isArray(messages)) throw new BadRequest("messages must be a list", "messages");
  const system: JsonObject[] = [];
  const turns: { role: string; content: JsonObject[] }[] = [];
  for (const [index, item] of messages.entries()) {
    const message = objectOf(item);
    const param = `messages[${index}]`;
    if (message.role === "system" || message.role === "developer") {
      system.push(...blocksOf(message.content, `${param}.content`));
      continue;
    }
    const { role, content } = turnOf(message, param);
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...content);
    else if (content.length > 0) turns.push({ role, content });
  }
  if (turns.length === 0) throw new BadRequest("there must be a message of the user's", "messages");
  trimEnd(turns.at(-1));
  return { system, messages: turns };
}

function turnOf(message: JsonObject, param: string): { role: string; content: JsonObject[] } {
  switch (message.role) {
    case "user":
      return { role: "user", content: blocksOf(message.content, `${param}.content`) };
    case "assistant":
      return { role: "assistant", content: assistantBlocks(message, param) };
    case "tool": {
      const content = blocksOf(message.content, `${param}.content`);
      const id = callId(message.tool_call_id);
      return { role: "user", content: [{ type: "tool_result", tool_use_id: id, content }] };
    }
    default:
      throw new BadRequest(
        "role must be system, developer, user, assistant or tool",
        `${param}.role`,
      );
  }
}

function assistantBlocks(message: JsonObject, param: string): JsonObject[] {
  const refusal = textOf(message.refusal);
  return [
    ...thinkingIn(message.reasoning_details),
    ...blocksOf(message.content, `${param}.content`),
    ...(refusal ? [{ type: "text", text: refusal }] : []),
    ...objectsOf(message.tool_calls).map((call, index) =>
      toolUse(call, `${param}.tool_calls[${index}]`),
    ),
  ];
}

function toolUse(call: JsonObject, param: string): JsonObject {
  const { name, arguments: given } = objectOf(call.function);
  if (typeof name !== "string") throw new BadRequest("only calls of functions can be said", param);
  const input = textOf(given).trim() === "" ? {} : parseObject(textOf(given));
  if (!input) throw new BadRequest("must be the JSON of an object", `${param}.function.arguments`);
  return { type: "tool_use", id: callId(call.id), name, input };
}

/** Anthropic takes letters, digits, `_` and `-` in ids; other providers make others. */
function callId(id: Json | undefined): string {
  return textOf(id).replace(/[^a-zA-Z0-9_-]/g, "_");
}

/** What the assistant has begun to say must not end in white space. */
function trimEnd(turn: { role: string; content: JsonObject[] } | undefined): void {
  const block = turn?.content.at(-1);
  if (turn?.role === "assistant" && block?.type === "text") {
    block.text = textOf(block.text).trimEnd();
  }
}
