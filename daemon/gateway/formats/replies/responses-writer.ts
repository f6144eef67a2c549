import { openaiType } from "../error-types.ts";
import type { JsonObject } from "../json.ts";
import type { SseEvent } from "../sse.ts";
import type { Failure, Head, Outcome, Part, ReplySink, WholeReply } from "./parts.ts";
import { contentPart, type ResponseItems } from "./responses-items.ts";

/** A reply as the Responses API gives it. */
export function writeResponse(
  { head, parts, outcome }: WholeReply,
  items: ResponseItems,
): JsonObject {
  const output = parts.map((part) => items.item(part, items.nextId(part), true));
  return items.response(head.model, output, outcome);
}

/** Writes a stream of the Responses API. */
export class ResponsesStream implements ReplySink {
  private model = "";
  private sequence = 0;
  private id = "";
  private readonly output: JsonObject[] = [];

  constructor(
    private readonly items: ResponseItems,
    private readonly send: (event: SseEvent) => void,
  ) {}

  begin({ model }: Head): void {
    this.model = model;
    const response = this.items.response(model, []);
    this.emit("response.created", { response });
    this.emit("response.in_progress", { response });
  }

  open(part: Part): void {
    this.id = this.items.nextId(part);
    const item = this.items.item(part, this.id, false);
    this.emit("response.output_item.added", { output_index: this.output.length, item });
    if (part.kind === "reasoning") {
      const empty = { type: "summary_text", text: "" };
      this.within("response.reasoning_summary_part.added", { summary_index: 0, part: empty });
    } else if (part.kind === "text" || part.kind === "refusal") {
      const empty = contentPart({ ...part, text: "" });
      this.within("response.content_part.added", { content_index: 0, part: empty });
    }
  }

  grow(part: Part, delta: string): void {
    switch (part.kind) {
      case "text":
        this.within("response.output_text.delta", { content_index: 0, delta, logprobs: [] });
        break;
      case "refusal":
        this.within("response.refusal.delta", { content_index: 0, delta });
        break;
      case "reasoning":
        this.within("response.reasoning_summary_text.delta", { summary_index: 0, delta });
        break;
      case "call":
        // A custom tool's input is known once the arguments are whole.
        if (!this.items.isCustom(part)) {
          this.within("response.function_call_arguments.delta", { delta });
        }
        break;
    }
  }

  close(part: Part): void {
    const item = this.items.item(part, this.id, true);
    this.done(part, item);
    this.emit("response.output_item.done", { output_index: this.output.length, item });
    this.output.push(item);
  }

  finish(outcome: Outcome): void {
    const response = this.items.response(this.model, this.output, outcome);
    const type = response.status === "incomplete" ? "response.incomplete" : "response.completed";
    this.emit(type, { response });
  }

  /** Codex reads the one event, the official SDK throws for the other. */
  fail({ status, message, code = openaiType(status) }: Failure): void {
    const error = { code, message };
    const response = this.items.response(this.model, this.output);
    this.emit("response.failed", { response: { ...response, status: "failed", error } });
    this.emit("error", { code, message, param: null });
  }

  private done(part: Part, item: JsonObject): void {
    const { text } = part;
    switch (part.kind) {
      case "text":
      case "refusal": {
        const place = { content_index: 0 };
        if (part.kind === "refusal")
          this.within("response.refusal.done", { ...place, refusal: text });
        else this.within("response.output_text.done", { ...place, text, logprobs: [] });
        this.within("response.content_part.done", { ...place, part: contentPart(part) });
        break;
      }
      case "reasoning": {
        const place = { summary_index: 0 };
        this.within("response.reasoning_summary_text.done", { ...place, text });
        const whole = { type: "summary_text", text };
        this.within("response.reasoning_summary_part.done", { ...place, part: whole });
        break;
      }
      case "call": {
        const { name = "", input = "" } = item;
        if (this.items.isCustom(part)) {
          this.within("response.custom_tool_call_input.delta", { delta: input });
          this.within("response.custom_tool_call_input.done", { input });
        } else {
          this.within("response.function_call_arguments.done", { name, arguments: text });
        }
      }
    }
  }

  /** An event about the item that is open. */
  private within(type: string, fields: JsonObject): void {
    this.emit(type, { item_id: this.id, output_index: this.output.length, ...fields });
  }

  private emit(type: string, fields: JsonObject): void {
    const event = { type, sequence_number: this.sequence++, ...fields };
    this.send({ event: type, data: JSON.stringify(event) });
  }
}
