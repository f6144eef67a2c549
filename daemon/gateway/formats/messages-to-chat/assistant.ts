import { BadRequest } from "../errors.ts";
import { type JsonObject, objectOf, textOf } from "../json.ts";
import { type Origin, readMark } from "../mark.ts";

/** An assistant's blocks as one Chat message, with the reasoning that this gateway has marked. */
export function assistantMessage(blocks: readonly JsonObject[], param: string): JsonObject {
  const texts: string[] = [];
  const calls: JsonObject[] = [];
  const reasoning = new Reasoning();
  for (const [index, block] of blocks.entries()) {
    switch (block.type) {
      case "text":
        texts.push(textOf(block.text));
        break;
      case "tool_use": {
        const call = { name: textOf(block.name), arguments: JSON.stringify(objectOf(block.input)) };
        calls.push({ id: textOf(block.id), type: "function", function: call });
        break;
      }
      case "thinking":
        reasoning.add(readMark(block.signature), textOf(block.thinking));
        break;
      case "redacted_thinking":
        reasoning.add(readMark(block.data), "");
        break;
      default:
        throw new BadRequest(
          `this provider has no ${textOf(block.type) || "such"} blocks`,
          `${param}[${index}]`,
        );
    }
  }
  const message: JsonObject = { role: "assistant", content: texts.join("") || null };
  if (calls.length > 0) message.tool_calls = calls;
  else message.content ??= "";
  return reasoning.into(message);
}

/** Puts reasoning back where it came from. What another provider signed is of no use, and left out. */
export class Reasoning {
  private readonly fields = new Map<string, string>();
  private readonly details: JsonObject[] = [];
  private readonly extras = new Map<string, JsonObject>();

  add(origin: Origin | null, text: string): void {
    if (!origin) return;
    if ("field" in origin) {
      this.fields.set(origin.field, (this.fields.get(origin.field) ?? "") + text);
    } else if ("detail" in origin) {
      const readable = origin.detail.type === "reasoning.summary" ? "summary" : "text";
      this.details.push(text ? { ...origin.detail, [readable]: text } : origin.detail);
    } else if ("call" in origin) {
      this.extras.set(origin.call, origin.extra);
    }
  }

  /** The Chat message with it. */
  into(message: JsonObject): JsonObject {
    const result = { ...message };
    for (const [field, text] of this.fields) {
      if (field !== "thinking") {
        result[field] = text;
        continue;
      }
      const part = { type: "thinking", thinking: [{ type: "text", text }] };
      const content = textOf(message.content);
      result.content = content ? [part, { type: "text", text: content }] : [part];
    }
    if (this.details.length > 0) result.reasoning_details = this.details;
    if (Array.isArray(message.tool_calls)) {
      result.tool_calls = message.tool_calls.map((call) => {
        const extra = this.extras.get(textOf(objectOf(call).id));
        return extra ? { ...objectOf(call), extra_content: extra } : call;
      });
    }
    return result;
  }
}
