/** What a model says, and how each wire format says it: written after the vendors' references. */
export interface Turn {
  thinking?: { text: string; signature: string };
  text?: string;
  calls?: { id: string; name: string; input: Record<string, unknown> }[];
}

export type Wire = "openai-chat" | "openai-responses" | "anthropic-messages" | "gemini";

/** Of every turn: 1000 in, of which 600 cached and 100 written to the cache; 50 out, 20 of them thought. */
const counts = { input: 1000, cached: 600, written: 100, output: 50, reasoning: 20 };

const id = "m1";

/** Which one a path is of; null: none. */
export function wireOf(path: string): Wire | null {
  if (path.includes("/chat/completions")) return "openai-chat";
  if (path.includes("/responses")) return "openai-responses";
  if (path.includes("/messages")) return "anthropic-messages";
  return path.includes("enerateContent") ? "gemini" : null;
}

/** A turn in one piece. */
export function bodyOf(wire: Wire, model: string, turn: Turn): Record<string, unknown> {
  switch (wire) {
    case "openai-chat": {
      const message = {
        role: "assistant",
        content: turn.text ?? null,
        refusal: null,
        ...(turn.thinking ? { reasoning_content: turn.thinking.text } : {}),
        ...(turn.calls ? { tool_calls: turn.calls.map((call) => chatCall(call)) } : {}),
      };
      const choice = { index: 0, message, logprobs: null, finish_reason: chatReason(turn) };
      return { ...chatHead(model, "chat.completion"), choices: [choice], usage: chatUsage };
    }
    case "anthropic-messages":
      return {
        ...messageHead(model),
        content: blocks(turn),
        stop_reason: turn.calls ? "tool_use" : "end_turn",
        usage: { ...messagesInput, output_tokens: counts.output },
      };
    case "openai-responses":
      return responseOf(model, "completed", items(turn));
    case "gemini":
      return geminiChunk(turn, true);
  }
}

/** A turn as a stream, text and arguments in pieces. */
export function eventsOf(wire: Wire, model: string, turn: Turn): string[] {
  switch (wire) {
    case "openai-chat":
      return chatEvents(model, turn);
    case "anthropic-messages":
      return messagesEvents(model, turn);
    case "openai-responses":
      return responsesEvents(model, turn);
    case "gemini":
      return [`data: ${JSON.stringify(geminiChunk(turn, true))}\r\n\r\n`];
  }
}

/** Pieces of up to seven characters. */
function pieces(text: string): string[] {
  return text.match(/[\s\S]{1,7}/g) ?? [];
}

const chatUsage = {
  prompt_tokens: counts.input,
  completion_tokens: counts.output,
  total_tokens: counts.input + counts.output,
  prompt_tokens_details: { cached_tokens: counts.cached, cache_write_tokens: counts.written },
  completion_tokens_details: { reasoning_tokens: counts.reasoning },
};

function chatHead(model: string, object: string) {
  return { id: `chatcmpl-${id}`, object, created: 1_795_000_000, model };
}

function chatReason(turn: Turn): string {
  return turn.calls ? "tool_calls" : "stop";
}

function chatCall({ id, name, input }: NonNullable<Turn["calls"]>[number]) {
  return { id, type: "function", function: { name, arguments: JSON.stringify(input) } };
}

function chatEvents(model: string, turn: Turn): string[] {
  const head = chatHead(model, "chat.completion.chunk");
  const send = (fields: object) => `data: ${JSON.stringify({ ...head, ...fields })}\n\n`;
  const delta = (delta: object, finish_reason: string | null = null) =>
    send({ choices: [{ index: 0, delta, finish_reason }] });
  return [
    delta({ role: "assistant", content: "" }),
    ...pieces(turn.thinking?.text ?? "").map((text) => delta({ reasoning_content: text })),
    ...pieces(turn.text ?? "").map((content) => delta({ content })),
    ...(turn.calls ?? []).flatMap((call, index) => {
      const whole = chatCall(call);
      const start = { index, ...whole, function: { name: call.name, arguments: "" } };
      return [
        delta({ tool_calls: [start] }),
        ...pieces(whole.function.arguments).map((text) =>
          delta({ tool_calls: [{ index, function: { arguments: text } }] }),
        ),
      ];
    }),
    delta({}, chatReason(turn)),
    send({ choices: [], usage: chatUsage }),
    "data: [DONE]\n\n",
  ];
}

const messagesInput = {
  input_tokens: counts.input - counts.cached - counts.written,
  cache_read_input_tokens: counts.cached,
  cache_creation_input_tokens: counts.written,
};

function messageHead(model: string) {
  return {
    id: `msg_${id}`,
    type: "message",
    role: "assistant",
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { ...messagesInput, output_tokens: 1 },
  };
}

function blocks({ thinking, text, calls }: Turn) {
  return [
    ...(thinking
      ? [{ type: "thinking", thinking: thinking.text, signature: thinking.signature }]
      : []),
    ...(text === undefined ? [] : [{ type: "text", text }]),
    ...(calls ?? []).map((call) => ({ type: "tool_use", ...call })),
  ];
}

function messagesEvents(model: string, turn: Turn): string[] {
  const send = (type: string, fields: object = {}) =>
    `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
  const { thinking, text, calls = [] } = turn;
  const filled = [
    ...(thinking
      ? [
          {
            start: { type: "thinking", thinking: "", signature: "" },
            deltas: [
              ...pieces(thinking.text).map((piece) => ({
                type: "thinking_delta",
                thinking: piece,
              })),
              { type: "signature_delta", signature: thinking.signature },
            ],
          },
        ]
      : []),
    ...(text === undefined
      ? []
      : [
          {
            start: { type: "text", text: "" },
            deltas: pieces(text).map((piece) => ({ type: "text_delta", text: piece })),
          },
        ]),
    ...calls.map(({ id, name, input }) => ({
      start: { type: "tool_use", id, name, input: {} },
      deltas: ["", ...pieces(JSON.stringify(input))].map((piece) => ({
        type: "input_json_delta",
        partial_json: piece,
      })),
    })),
  ];
  return [
    send("message_start", { message: messageHead(model) }),
    send("ping"),
    ...filled.flatMap(({ start, deltas }, index) => [
      send("content_block_start", { index, content_block: start }),
      ...deltas.map((delta) => send("content_block_delta", { index, delta })),
      send("content_block_stop", { index }),
    ]),
    send("message_delta", {
      delta: { stop_reason: calls.length > 0 ? "tool_use" : "end_turn", stop_sequence: null },
      usage: { output_tokens: counts.output },
    }),
    send("message_stop"),
  ];
}

function items({ text, calls }: Turn) {
  const status = "completed";
  return [
    ...(text === undefined
      ? []
      : [
          {
            id: `msg_${id}`,
            type: "message",
            role: "assistant",
            status,
            content: [{ type: "output_text", text, annotations: [] }],
          },
        ]),
    ...(calls ?? []).map(({ id, name, input }, index) => ({
      id: `fc_${index}`,
      type: "function_call",
      status,
      call_id: id,
      name,
      arguments: JSON.stringify(input),
    })),
  ];
}

function responseOf(model: string, status: string, output: object[]) {
  const usage = {
    input_tokens: counts.input,
    input_tokens_details: { cached_tokens: counts.cached, cache_write_tokens: counts.written },
    output_tokens: counts.output,
    output_tokens_details: { reasoning_tokens: counts.reasoning },
    total_tokens: counts.input + counts.output,
  };
  return {
    id: `resp_${id}`,
    object: "response",
    created_at: 1_795_000_000,
    status,
    error: null,
    incomplete_details: null,
    model,
    output,
    usage: status === "completed" ? usage : null,
  };
}

function responsesEvents(model: string, turn: Turn): string[] {
  let sequence_number = 0;
  const send = (type: string, fields: object) => {
    const data = { type, sequence_number: sequence_number++, ...fields };
    return `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
  };
  const output = items(turn);
  const text = turn.text ?? "";
  const place = { item_id: `msg_${id}`, output_index: 0, content_index: 0 };
  return [
    send("response.created", { response: responseOf(model, "in_progress", []) }),
    ...output.flatMap((item, output_index) => [
      send("response.output_item.added", {
        output_index,
        item: "content" in item ? { ...item, content: [] } : { ...item, arguments: "" },
      }),
      ...("content" in item
        ? [
            send("response.content_part.added", {
              ...place,
              part: { ...item.content[0], text: "" },
            }),
            ...pieces(text).map((delta) => send("response.output_text.delta", { ...place, delta })),
            send("response.output_text.done", { ...place, text }),
          ]
        : pieces(item.arguments).map((delta) =>
            send("response.function_call_arguments.delta", {
              item_id: item.id,
              output_index,
              delta,
            }),
          )),
      send("response.output_item.done", { output_index, item }),
    ]),
    send("response.completed", { response: responseOf(model, "completed", output) }),
  ];
}

function geminiChunk({ text, calls }: Turn, last: boolean) {
  const parts = [
    ...(text === undefined ? [] : [{ text }]),
    ...(calls ?? []).map(({ name, input }) => ({ functionCall: { name, args: input } })),
  ];
  const finish = last ? { finishReason: "STOP" } : {};
  return {
    candidates: [{ index: 0, content: { role: "model", parts }, ...finish }],
    usageMetadata: {
      promptTokenCount: counts.input,
      cachedContentTokenCount: counts.cached,
      candidatesTokenCount: counts.output - counts.reasoning,
      thoughtsTokenCount: counts.reasoning,
      totalTokenCount: counts.input + counts.output,
    },
  };
}
