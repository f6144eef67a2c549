import { anthropicType } from "../error-types.ts";
import { type JsonObject, objectOf, parseObject } from "../json.ts";
import { markOf } from "../mark.ts";
import type { SseEvent } from "../sse.ts";
import { writeMessagesUsage } from "../usage.ts";
import type { Failure, Head, Outcome, Part, ReplySink, WholeReply } from "./parts.ts";

const reasons = {
  stop: "end_turn",
  sequence: "stop_sequence",
  length: "max_tokens",
  calls: "tool_use",
  filter: "refusal",
};

const noUsage = { input: 0, cachedInput: 0, cacheWrite: 0, output: 0, reasoning: 0 };

/** A reply as the Messages API gives it. */
export function writeMessage({ head, parts, outcome }: WholeReply, model: string): JsonObject {
  return {
    ...emptyMessage({ ...head, model }),
    content: parts.map((part) => blockOf(part)),
    ...stopOf(outcome),
    usage: writeMessagesUsage(outcome.usage ?? noUsage),
  };
}

function emptyMessage({ id, model }: Head): JsonObject {
  return {
    id: id || `msg_${crypto.randomUUID().replaceAll("-", "")}`,
    type: "message",
    role: "assistant",
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: writeMessagesUsage(noUsage),
  };
}

function stopOf({ finish, sequence }: Outcome): JsonObject {
  return { stop_reason: reasons[finish], stop_sequence: sequence };
}

function blockOf(part: Part, text = part.text): JsonObject {
  switch (part.kind) {
    case "text":
    case "refusal":
      return { type: "text", text, citations: null };
    case "reasoning":
      return { type: "thinking", thinking: text, signature: markOf(part.origin) };
    case "sealed":
      return { type: "redacted_thinking", data: markOf(part.origin) };
    case "call": {
      // Half of an object, where the limit of tokens cut it off, is none.
      const input = objectOf(parseObject(text) ?? {});
      return { type: "tool_use", id: part.id, name: part.name, input };
    }
  }
}

/** Writes a stream of the Messages API. Its prompt's tokens are only known at the end. */
export class MessagesStream implements ReplySink {
  private index = -1;

  constructor(
    private readonly model: string,
    private readonly send: (event: SseEvent) => void,
  ) {}

  begin({ id }: Head): void {
    this.emit("message_start", { message: emptyMessage({ id, model: this.model }) });
  }

  open(part: Part): void {
    this.index++;
    const block = blockOf(part, "");
    if (part.kind === "reasoning") block.signature = "";
    this.emit("content_block_start", { index: this.index, content_block: block });
  }

  grow(part: Part, piece: string): void {
    if (part.kind === "reasoning") this.delta({ type: "thinking_delta", thinking: piece });
    else if (part.kind === "call") this.delta({ type: "input_json_delta", partial_json: piece });
    else this.delta({ type: "text_delta", text: piece });
  }

  close(part: Part): void {
    if (part.kind === "reasoning") {
      this.delta({ type: "signature_delta", signature: markOf(part.origin) });
    }
    this.emit("content_block_stop", { index: this.index });
  }

  finish(outcome: Outcome): void {
    const usage = writeMessagesUsage(outcome.usage ?? noUsage);
    this.emit("message_delta", { delta: stopOf(outcome), usage });
    this.emit("message_stop", {});
  }

  fail({ status, message }: Failure): void {
    this.emit("error", { error: { type: anthropicType(status), message } });
  }

  private delta(delta: JsonObject): void {
    this.emit("content_block_delta", { index: this.index, delta });
  }

  private emit(type: string, fields: JsonObject): void {
    this.send({ event: type, data: JSON.stringify({ type, ...fields }) });
  }
}
