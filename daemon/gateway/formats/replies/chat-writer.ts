import { openaiType } from "../error-types.ts";
import type { JsonObject } from "../json.ts";
import { detailOf } from "../reasoning-details.ts";
import type { SseEvent } from "../sse.ts";
import { writeChatUsage } from "../usage.ts";
import { done } from "../wires/openai-chat.ts";
import type { Failure, Head, Outcome, Part, ReplySink, WholeReply } from "./parts.ts";

const reasons = {
  stop: "stop",
  sequence: "stop",
  length: "length",
  calls: "tool_calls",
  filter: "content_filter",
};

/** A reply as Chat Completions gives it. */
export function writeCompletion({ head, parts, outcome }: WholeReply): JsonObject {
  const text = (kind: Part["kind"]) =>
    parts.filter((part) => part.kind === kind).map((part) => part.text);
  const message: JsonObject = {
    role: "assistant",
    content: text("text").join("") || null,
    refusal: text("refusal").join("") || null,
  };
  const reasoning = text("reasoning").join("\n\n");
  if (reasoning) message.reasoning_content = reasoning;
  const details = detailsOf(parts);
  if (details.length > 0) message.reasoning_details = details;
  const calls = parts.flatMap((part) => (part.kind === "call" ? [callOf(part, part.text)] : []));
  if (calls.length > 0) message.tool_calls = calls;
  const choice = { index: 0, message, logprobs: null, finish_reason: reasons[outcome.finish] };
  return {
    ...envelope(head, "chat.completion"),
    choices: [choice],
    ...(outcome.usage ? { usage: writeChatUsage(outcome.usage) } : {}),
  };
}

function envelope({ id, model }: Head, object: string): JsonObject {
  return {
    id: id || `chatcmpl-${crypto.randomUUID()}`,
    object,
    created: Math.floor(Date.now() / 1000),
    model,
  };
}

function callOf({ id, name }: Part & { kind: "call" }, text: string): JsonObject {
  return { id, type: "function", function: { name, arguments: text } };
}

function detailsOf(parts: readonly Part[]): JsonObject[] {
  const thought = parts.flatMap((part) =>
    part.kind === "reasoning" || part.kind === "sealed" ? [part] : [],
  );
  return thought.flatMap((part, index) => {
    const detail = detailOf(part.origin, part.text, index);
    return detail ? [detail] : [];
  });
}

/**
 * Writes a stream of Chat Completions. The signed reasoning comes in one piece before the end:
 * clients add deltas of fields that they do not know in different ways, or keep the last only.
 */
export class ChatStream implements ReplySink {
  private head: JsonObject = {};
  private readonly parts: Part[] = [];
  private calls = 0;

  /** `usage`: whether the client asked for it. */
  constructor(
    private readonly usage: boolean,
    private readonly send: (event: SseEvent) => void,
  ) {}

  begin(head: Head): void {
    this.head = envelope(head, "chat.completion.chunk");
    this.delta({ role: "assistant", content: "" });
  }

  open(part: Part): void {
    this.parts.push(part);
    if (part.kind !== "call") return;
    this.delta({ tool_calls: [{ index: this.calls, ...callOf(part, "") }] });
    this.calls++;
  }

  grow(part: Part, piece: string): void {
    switch (part.kind) {
      case "text":
        this.delta({ content: piece });
        break;
      case "refusal":
        this.delta({ refusal: piece });
        break;
      case "reasoning":
        this.delta({ reasoning_content: piece });
        break;
      case "call": {
        const call = { index: this.calls - 1, function: { arguments: piece } };
        this.delta({ tool_calls: [call] });
        break;
      }
    }
  }

  close(): void {}

  finish({ finish, usage }: Outcome): void {
    const details = detailsOf(this.parts);
    if (details.length > 0) this.delta({ reasoning_details: details });
    this.delta({}, reasons[finish]);
    if (this.usage && usage) this.chunk({ choices: [], usage: writeChatUsage(usage) });
    this.send({ event: null, data: done });
  }

  fail({ status, message, code }: Failure): void {
    const error = { message, type: openaiType(status), param: null, code: code ?? null };
    this.send({ event: null, data: JSON.stringify({ error }) });
  }

  private delta(delta: JsonObject, finish_reason: string | null = null): void {
    this.chunk({ choices: [{ index: 0, delta, logprobs: null, finish_reason }] });
  }

  private chunk(fields: JsonObject): void {
    this.send({ event: null, data: JSON.stringify({ ...this.head, ...fields }) });
  }
}
