import {
  isObject,
  type Json,
  type JsonObject,
  objectOf,
  objectsOf,
  parseObject,
  textOf,
} from "../json.ts";
import type { Origin } from "../mark.ts";
import { providerError } from "../provider-error.ts";
import type { SseEvent } from "../sse.ts";
import { readChatUsage } from "../usage.ts";
import { done } from "../wires/openai-chat.ts";
import { CallAssembly } from "./chat-calls.ts";
import type { Outcome, PartFeed } from "./parts.ts";

/** Reads the first choice of a Chat completion, whole or in chunks. */
export class ChatReader {
  private readonly calls: CallAssembly;
  private finishReason: string | null = null;
  private usage: Outcome["usage"] = null;

  constructor(private readonly feed: PartFeed) {
    this.calls = new CallAssembly(feed);
  }

  event({ data }: SseEvent): void {
    if (this.feed.over) return;
    const chunk = parseObject(data);
    if (data === done) this.complete();
    else if (chunk) this.take(chunk, "delta");
    else this.fail("the provider sent what is no event");
  }

  /** The provider has closed. */
  end(): void {
    if (this.finishReason !== null) this.complete();
    else this.fail("the provider's stream was cut off");
  }

  /** A reply that came in one piece. */
  whole(reply: JsonObject): void {
    this.take(reply, "message");
    if (this.finishReason === null)
      this.fail("the provider's reply has no choice that is finished");
    this.complete();
  }

  private take(chunk: JsonObject, field: "delta" | "message"): void {
    if (chunk.error) {
      this.feed.fail({ status: statusOf(chunk.error), ...providerError(chunk) });
      return;
    }
    this.feed.begin({ id: textOf(chunk.id), model: textOf(chunk.model) });
    if (isObject(chunk.usage)) this.usage = readChatUsage(chunk.usage) ?? this.usage;
    const choice = objectsOf(chunk.choices).find(({ index }) => (index ?? 0) === 0);
    if (!choice) return;
    this.delta(objectOf(choice[field]));
    // Some providers say "" while it goes on.
    this.finishReason = textOf(choice.finish_reason) || this.finishReason;
  }

  private delta(delta: JsonObject): void {
    this.reasoning(delta);
    this.content(delta.content ?? null);
    const refusal = textOf(delta.refusal);
    if (refusal) this.calls.before(() => this.feed.write("refusal", refusal));
    this.calls.take(objectsOf(delta.tool_calls));
  }

  private content(content: Json): void {
    if (typeof content === "string" && content !== "") {
      this.calls.before(() => this.feed.write("text", content));
    }
    // Mistral's parts: what it thinks is a list of texts.
    for (const part of objectsOf(content)) {
      if (part.type === "text") this.content(textOf(part.text));
      const thinking = objectsOf(part.thinking).map(({ text }) => textOf(text));
      if (thinking.length > 0) this.plain("thinking", thinking.join(""));
    }
  }

  private reasoning(delta: JsonObject): void {
    const details = objectsOf(delta.reasoning_details);
    if (details.length > 0) {
      for (const detail of details) this.calls.before(() => this.detail(detail));
      return;
    }
    const field = textOf(delta.reasoning_content) ? "reasoning_content" : "reasoning";
    this.plain(field, textOf(delta[field]));
  }

  private plain(field: "reasoning_content" | "reasoning" | "thinking", text: string): void {
    if (!text) return;
    this.calls.before(() => {
      const open = this.feed.current;
      const goesOn = open?.kind === "reasoning" && "field" in open.origin;
      if (!goesOn) this.feed.open({ kind: "reasoning", text: "", origin: { field } });
      this.feed.grow(text);
    });
  }

  /** An entry of `reasoning_details`, or a piece of one: pieces have the same index. */
  private detail({ text, summary, ...rest }: JsonObject): void {
    const readable = textOf(text) || textOf(summary);
    const known = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null));
    const open = this.feed.current;
    if (open?.kind === "reasoning" && "detail" in open.origin) {
      const { detail } = open.origin;
      if (detail.index === rest.index && detail.type === rest.type) {
        open.origin = { detail: { ...detail, ...known } };
        this.feed.grow(readable);
        return;
      }
    }
    const origin: Origin = { detail: known };
    if (readable) {
      this.feed.open({ kind: "reasoning", text: "", origin });
      this.feed.grow(readable);
    } else {
      this.feed.open({ kind: "sealed", text: "", origin });
    }
  }

  private complete(): void {
    this.calls.end();
    const { usage, finishReason } = this;
    const finish = finishOf(finishReason, this.calls.count > 0);
    if (finish) this.feed.finish({ finish, sequence: null, usage });
    else this.fail(`the provider ended its reply with ${finishReason ?? "no reason"}`);
  }

  private fail(message: string): void {
    this.feed.fail({ status: 502, message });
  }
}

/** OpenRouter gives errors within a stream the status that they would have had. */
function statusOf(error: Json): number {
  const { code } = objectOf(error);
  return typeof code === "number" && code >= 400 && code < 600 ? code : 502;
}

/** Null: not a good end. Some providers say `stop` when tools were called. */
function finishOf(reason: string | null, called: boolean): Outcome["finish"] | null {
  switch (reason) {
    case null:
    case "error":
      return null;
    case "length":
    case "max_tokens":
      return "length";
    case "content_filter":
      return "filter";
    default:
      return called ? "calls" : "stop";
  }
}
