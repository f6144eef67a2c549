import { BadRequest } from "../errors.ts";
import { type Json, type JsonObject, objectOf, objectsOf, textOf } from "../json.ts";
import { readMark } from "../mark.ts";
import { Reasoning } from "../messages-to-chat/assistant.ts";
import { detailOf } from "../reasoning-details.ts";
import { contentOf, partsOf } from "./content.ts";
import { customArguments, type ToolNames } from "./tools.ts";

/** What the assistant said in one turn: several items there, one message in Chat. */
interface Turn {
  texts: string[];
  calls: JsonObject[];
  reasoning: Reasoning;
  /** Anthropic's, as entries of `reasoning_details`. */
  signed: JsonObject[];
}

/** The items of a Responses request as messages of Chat. */
class Conversation {
  private readonly messages: JsonObject[] = [];
  private turn: Turn | null = null;
  /** Pictures that tools returned, which their messages have no place for. */
  private media: JsonObject[] = [];

  constructor(private readonly tools: ToolNames) {}

  /** Throws BadRequest for what only OpenAI knows or runs. */
  add(item: JsonObject, param: string): void {
    switch (item.type ?? "message") {
      case "message":
        this.message(item, param);
        break;
      case "reasoning":
        this.reasoning(item);
        break;
      case "function_call":
        this.call(item, this.tools.nameOf(item.namespace, item.name), item.arguments);
        break;
      case "custom_tool_call":
        this.call(item, this.tools.nameOf(item.namespace, item.name), customArguments(item.input));
        break;
      case "function_call_output":
      case "custom_tool_call_output":
        this.output(item, param);
        break;
      default:
        throw new BadRequest(`this provider takes no ${textOf(item.type)} items`, param);
    }
  }

  end(): JsonObject[] {
    this.endTurn();
    this.endMedia();
    return this.messages;
  }

  private message(item: JsonObject, param: string): void {
    const parts = partsOf(item.content, `${param}.content`);
    if (item.role === "assistant") {
      this.open().texts.push(...parts.map(({ text }) => textOf(text)));
      return;
    }
    this.endTurn();
    this.endMedia();
    // Only OpenAI knows developers; to all others they are the system.
    const role = item.role === "developer" ? "system" : textOf(item.role);
    if (role !== "system" && role !== "user") {
      throw new BadRequest("role must be user, assistant, system or developer", `${param}.role`);
    }
    this.messages.push({ role, content: contentOf(parts) });
  }

  private reasoning(item: JsonObject): void {
    const origin = readMark(item.encrypted_content);
    if (!origin) return;
    const text = objectsOf(item.summary)
      .map((part) => textOf(part.text))
      .join("");
    const turn = this.open();
    const signed = detailOf(origin, text, turn.signed.length);
    if (signed) turn.signed.push(signed);
    else turn.reasoning.add(origin, text);
  }

  private call(item: JsonObject, name: string, given: Json | undefined): void {
    const call = { name, arguments: textOf(given) };
    this.open().calls.push({ id: textOf(item.call_id), type: "function", function: call });
  }

  private output(item: JsonObject, param: string): void {
    this.endTurn();
    const parts = partsOf(item.output, `${param}.output`);
    const media = parts.filter(({ type }) => type !== "text");
    const texts = parts.filter(({ type }) => type === "text");
    const id = textOf(item.call_id);
    if (media.length > 0) {
      texts.push({ type: "text", text: "(in the next message)" });
      this.media.push({ type: "text", text: `What the tool call ${id} returned:` }, ...media);
    }
    this.messages.push({ role: "tool", tool_call_id: id, content: contentOf(texts) });
  }

  private open(): Turn {
    this.endMedia();
    this.turn ??= { texts: [], calls: [], reasoning: new Reasoning(), signed: [] };
    return this.turn;
  }

  private endTurn(): void {
    const { turn } = this;
    this.turn = null;
    if (!turn || turn.texts.length + turn.calls.length === 0) return;
    const message: JsonObject = { role: "assistant", content: turn.texts.join("") || null };
    if (turn.calls.length > 0) message.tool_calls = turn.calls;
    if (turn.signed.length > 0) message.reasoning_details = turn.signed;
    this.messages.push(turn.reasoning.into(message));
  }

  private endMedia(): void {
    if (this.media.length > 0) this.messages.push({ role: "user", content: this.media });
    this.media = [];
  }
}

/** `instructions` and `input` as messages of Chat. */
export function conversationOf(body: JsonObject, tools: ToolNames): JsonObject[] {
  const conversation = new Conversation(tools);
  const { instructions, input } = body;
  if (typeof instructions === "string" && instructions !== "") {
    conversation.add({ role: "system", content: instructions }, "instructions");
  }
  if (typeof input === "string") {
    conversation.add({ role: "user", content: input }, "input");
  } else if (Array.isArray(input)) {
    for (const [index, item] of input.entries()) {
      conversation.add(objectOf(item), `input[${index}]`);
    }
  } else {
    throw new BadRequest("input must be a string or a list of items", "input");
  }
  return conversation.end();
}
