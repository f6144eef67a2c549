import { type JsonObject, present } from "../json.ts";
import { markOf } from "../mark.ts";
import type { ToolNames } from "../responses-to-chat/tools.ts";
import { writeResponsesUsage } from "../usage.ts";
import type { Outcome, Part } from "./parts.ts";

/** What a response repeats of its request. */
const repeated: Readonly<Record<string, JsonObject[string]>> = {
  instructions: null,
  max_output_tokens: null,
  metadata: {},
  parallel_tool_calls: true,
  reasoning: null,
  temperature: null,
  text: { format: { type: "text" } },
  tool_choice: "auto",
  tools: [],
  top_p: null,
  truncation: "disabled",
};

/** Makes the objects of one response. */
export class ResponseItems {
  private readonly unique = crypto.randomUUID().replaceAll("-", "");
  private readonly createdAt = Math.floor(Date.now() / 1000);
  private items = 0;
  readonly id = `resp_${this.unique}`;

  constructor(
    private readonly request: JsonObject,
    private readonly tools: ToolNames,
  ) {}

  /** The id of the next item of this kind. */
  nextId(part: Part): string {
    const kind = { text: "msg", refusal: "msg", reasoning: "rs", sealed: "rs", call: "fc" };
    return `${kind[part.kind]}_${this.unique}${this.items++}`;
  }

  isCustom(part: Part): boolean {
    return part.kind === "call" && this.tools.isCustom(part.name);
  }

  /** An item that is begun, and has nothing in it, or one that is whole. */
  item(part: Part, id: string, whole: boolean): JsonObject {
    const status = whole ? "completed" : "in_progress";
    switch (part.kind) {
      case "text":
      case "refusal": {
        const content = whole ? [contentPart(part)] : [];
        return { id, type: "message", role: "assistant", status, content };
      }
      case "reasoning":
      case "sealed": {
        const summary = whole && part.text ? [{ type: "summary_text", text: part.text }] : [];
        const encrypted_content = whole ? markOf(part.origin) : null;
        return { id, type: "reasoning", summary, encrypted_content };
      }
      case "call":
        return { id, status, ...this.tools.callItem(part.id, part.name, whole ? part.text : "") };
    }
  }

  /** The response as it stands; `outcome`: once it has ended. */
  response(model: string, output: JsonObject[], outcome?: Outcome): JsonObject {
    const reason =
      outcome?.finish === "length"
        ? "max_output_tokens"
        : outcome?.finish === "filter"
          ? "content_filter"
          : null;
    const status = outcome ? (reason ? "incomplete" : "completed") : "in_progress";
    const asked = Object.keys(repeated).map((name) => [name, this.request[name]] as const);
    return {
      id: this.id,
      object: "response",
      created_at: this.createdAt,
      status,
      error: null,
      incomplete_details: reason ? { reason } : null,
      model,
      output,
      previous_response_id: null,
      store: false,
      ...repeated,
      ...present(Object.fromEntries(asked)),
      usage: outcome?.usage ? writeResponsesUsage(outcome.usage) : null,
    };
  }
}

/** A part of a message's content. */
export function contentPart({ kind, text }: Part): JsonObject {
  return kind === "refusal"
    ? { type: "refusal", refusal: text }
    : { type: "output_text", text, annotations: [], logprobs: [] };
}
