import {
  isObject,
  type Json,
  type JsonObject,
  objectOf,
  objectsOf,
  parseObject,
  textOf,
} from "../json.ts";
import { providerError } from "../provider-error.ts";
import type { SseEvent } from "../sse.ts";
import { mergeMessagesUsage, readMessagesUsage } from "../usage.ts";
import type { Outcome, PartFeed } from "./parts.ts";

/** Statuses of the errors that come within a stream of Messages, by their types. */
const statuses: ReadonlyMap<string, number> = new Map([
  ["invalid_request_error", 400],
  ["authentication_error", 401],
  ["billing_error", 402],
  ["permission_error", 403],
  ["not_found_error", 404],
  ["request_too_large", 413],
  ["rate_limit_error", 429],
  ["timeout_error", 504],
  ["overloaded_error", 529],
]);

/** In characters. */
const longestSignature = 4 * 1024 * 1024;

/** Reads a reply of the Messages API, whole or as a stream. */
export class MessagesReader {
  /** Of the block that is open. */
  private type = "";
  private index: Json = null;
  /** The input of a tool call that was given with its start. */
  private given: JsonObject | null = null;
  private usage: JsonObject = {};
  private stopReason: string | null = null;
  private sequence: string | null = null;

  constructor(private readonly feed: PartFeed) {}

  event({ data, event: name }: SseEvent): void {
    if (this.feed.over) return;
    const event = parseObject(data);
    if (!event) {
      this.fail("the provider sent what is no event");
      return;
    }
    switch (event.type ?? name) {
      case "message_start":
        this.start(objectOf(event.message));
        break;
      case "content_block_start":
        this.index = event.index ?? null;
        this.open(objectOf(event.content_block));
        break;
      case "content_block_delta":
        if ((event.index ?? null) === this.index) this.delta(objectOf(event.delta));
        else this.fail("the provider sent a piece of a block that is not open");
        break;
      case "content_block_stop":
        this.close();
        break;
      case "message_delta":
        this.usage = mergeMessagesUsage(this.usage, objectOf(event.usage));
        this.stop(objectOf(event.delta));
        break;
      case "message_stop":
        this.complete();
        break;
      case "error": {
        const type = textOf(objectOf(event.error).type);
        this.feed.fail({ status: statuses.get(type) ?? 502, ...providerError(event) });
        break;
      }
    }
  }

  /** The provider has closed. */
  end(): void {
    this.fail("the provider's stream was cut off");
  }

  /** A reply that came in one piece. */
  whole(reply: JsonObject): void {
    if (!Array.isArray(reply.content)) {
      this.fail("the provider's reply is no message");
      return;
    }
    this.start(reply);
    for (const block of objectsOf(reply.content)) {
      this.open(block);
      if (block.type === "text") this.feed.write("text", textOf(block.text));
      if (block.type === "thinking") this.feed.grow(textOf(block.thinking));
      this.close();
    }
    this.stop(reply);
    this.complete();
  }

  private start(message: JsonObject): void {
    this.usage = mergeMessagesUsage(this.usage, objectOf(message.usage));
    this.feed.begin({ id: textOf(message.id), model: textOf(message.model) });
  }

  private open(block: JsonObject): void {
    this.type = textOf(block.type);
    this.given = null;
    switch (this.type) {
      case "thinking":
        this.feed.open({
          kind: "reasoning",
          text: "",
          origin: { signature: textOf(block.signature) },
        });
        break;
      case "redacted_thinking":
        this.feed.open({ kind: "sealed", text: "", origin: { redacted: textOf(block.data) } });
        break;
      case "tool_use":
        this.given = isObject(block.input) ? block.input : null;
        this.feed.open({ kind: "call", text: "", id: textOf(block.id), name: textOf(block.name) });
        break;
    }
  }

  private delta(delta: JsonObject): void {
    const { current } = this.feed;
    if (delta.type === "text_delta" && this.type === "text") {
      this.feed.write("text", textOf(delta.text));
    } else if (delta.type === "thinking_delta" && this.type === "thinking") {
      this.feed.grow(textOf(delta.thinking));
    } else if (delta.type === "input_json_delta" && this.type === "tool_use") {
      this.feed.grow(textOf(delta.partial_json));
    } else if (
      delta.type === "signature_delta" &&
      current?.kind === "reasoning" &&
      "signature" in current.origin
    ) {
      const signature = current.origin.signature + textOf(delta.signature);
      if (signature.length > longestSignature) {
        this.feed.fail({ status: 502, message: "the provider's signature has no end" });
      } else current.origin = { signature };
    }
  }

  private close(): void {
    const { current } = this.feed;
    if (current?.kind === "call" && current.text === "" && this.given) {
      this.feed.grow(JSON.stringify(this.given));
    }
    // Pieces of one text, each with citations of its own, are one text.
    if (this.type !== "text") this.feed.close();
    this.type = "";
    this.index = null;
  }

  private stop({ stop_reason, stop_sequence }: JsonObject): void {
    if (typeof stop_reason === "string") this.stopReason = stop_reason;
    if (typeof stop_sequence === "string") this.sequence = stop_sequence;
  }

  private complete(): void {
    const { sequence } = this;
    const usage = readMessagesUsage(this.usage);
    this.feed.finish({ finish: finishOf(this.stopReason), sequence, usage });
  }

  private fail(message: string): void {
    this.feed.fail({ status: 502, message });
  }
}

function finishOf(reason: string | null): Outcome["finish"] {
  switch (reason) {
    case "tool_use":
      return "calls";
    case "stop_sequence":
      return "sequence";
    case "max_tokens":
    case "model_context_window_exceeded":
      return "length";
    case "refusal":
      return "filter";
    default:
      return "stop";
  }
}
