import { describe, expect, test } from "bun:test";
import type { WireFormat } from "../../../../../daemon/gateway/formats/format.ts";
import { formatOf, translation } from "../../../../../daemon/gateway/formats/index.ts";
import type { JsonObject } from "../../../../../daemon/gateway/formats/json.ts";
import { SseParser } from "../../../../../daemon/gateway/formats/sse.ts";
import { bodyOf, eventsOf, type Wire } from "../../../../support/model-wires.ts";

const wires: Wire[] = ["openai-chat", "openai-responses", "anthropic-messages", "gemini"];
const billed = { input: 300, cachedInput: 600, cacheWrite: 100, output: 50, reasoning: 20 };
/** Gemini does not tell what it wrote, and Messages not, in a stream, what it thought. */
const told: Record<Wire, object> = {
  "openai-chat": billed,
  "openai-responses": billed,
  "anthropic-messages": { ...billed, reasoning: 0 },
  gemini: { ...billed, input: 400, cacheWrite: 0 },
};

const turn = { text: "It rains.", calls: [{ id: "c1", name: "look", input: { far: true } }] };

function tapped(format: WireFormat, text: string) {
  const tap = formatOf(format).tap();
  for (const event of new SseParser().push(new TextEncoder().encode(text))) tap.event(event);
  const { usage, output, ended, failed } = tap;
  return { usage, output, ended, failed };
}

describe.each(wires)("%s", (wire) => {
  const format = formatOf(wire);

  test("counts each token once, whole and streamed", () => {
    const body = JSON.parse(JSON.stringify(bodyOf(wire, "m", turn)));
    expect(format.usageOf(body)).toMatchObject(told[wire]);
    const seen = tapped(wire, eventsOf(wire, "m", turn).join(""));
    expect(seen).toMatchObject({ usage: told[wire], output: true, ended: true, failed: false });
  });

  test("has no output before the first text or call, and no end before the last event", () => {
    const events = eventsOf(wire, "m", turn);
    const first = tapped(wire, wire === "gemini" ? "" : (events[0] ?? ""));
    expect(first).toMatchObject({ output: false, ended: false, failed: false });
    const cut = tapped(wire, events.slice(0, Math.ceil(events.length / 2)).join(""));
    if (wire !== "gemini") expect(cut).toMatchObject({ output: true, ended: false });
  });

  test("tells garbage, and its own error events", () => {
    expect(tapped(wire, "data: {half\n\n").failed).toBe(true);
    const error = { status: 503, type: "", message: "gone" };
    const events = format.errorEvents(error);
    const tap = format.tap();
    for (const event of events) tap.event(event);
    expect([tap.failed, tap.ended]).toEqual([true, false]);
  });

  test("a usage that is none is not believed", () => {
    const usage = { prompt_tokens: -5, input_tokens: 1.5, completion_tokens: "9" };
    const body = { usage, usageMetadata: { promptTokenCount: 1e300 } };
    expect(format.usageOf(body)).toBeNull();
  });
});

test("an empty reason is none, and an event without a type goes by its name", () => {
  const chunk = { choices: [{ index: 0, delta: { content: "a" }, finish_reason: "" }] };
  expect(tapped("openai-chat", `data: ${JSON.stringify(chunk)}\n\n`).ended).toBe(false);
  expect(tapped("anthropic-messages", "event: ping\ndata: {}\n\n").failed).toBe(false);
  expect(tapped("anthropic-messages", "data: {}\n\n").failed).toBe(true);
});

describe("usage", () => {
  const usage = (counts: JsonObject) => formatOf("openai-chat").usageOf({ usage: counts });

  test("of DeepSeek names the cached tokens at the top", () => {
    expect(
      usage({ prompt_tokens: 20, completion_tokens: 5, prompt_cache_hit_tokens: 16 }),
    ).toMatchObject({ input: 4, cachedInput: 16 });
  });

  test("of xAI has reasoning beside the completion", () => {
    const counts = { prompt_tokens: 20, completion_tokens: 5, total_tokens: 125 };
    const details = { completion_tokens_details: { reasoning_tokens: 100 } };
    expect(usage({ ...counts, ...details })).toMatchObject({ output: 105, reasoning: 100 });
  });

  test("of a stream of Messages is a total each time: nothing is added, a 0 is no news", () => {
    const tap = formatOf("anthropic-messages").tap();
    const event = (body: JsonObject) => tap.event({ event: null, data: JSON.stringify(body) });
    const usage = { input_tokens: 10, cache_read_input_tokens: 500, output_tokens: 1 };
    event({ type: "message_start", message: { usage } });
    event({ type: "message_delta", usage: { input_tokens: 0, output_tokens: 20 } });
    event({ type: "message_delta", usage: { input_tokens: 10, output_tokens: 40 } });
    expect(tap.usage).toMatchObject({ input: 10, cachedInput: 500, output: 40 });
  });

  test("of embeddings has no output", () => {
    const reply = { usage: { prompt_tokens: 8, total_tokens: 8 } };
    expect(formatOf("openai-embeddings").usageOf(reply)).toMatchObject({ input: 8, output: 0 });
  });
});

describe("a request of a provider's own format", () => {
  const { pass } = formatOf("openai-chat");
  const usageOnly = { event: null, data: '{"choices":[],"usage":{"prompt_tokens":1}}' };

  test("is as it was, but for the model", () => {
    const body = { model: "route/cheap", messages: [{ role: "user", content: "Hi" }], odd: [1] };
    expect(pass(body, "gpt-5.5").body).toEqual({ ...body, model: "gpt-5.5" });
  });

  test("asks for the usage of a stream, and hides what the client did not ask for", () => {
    const silent = pass({ stream: true, messages: [] }, "m");
    expect(silent.body.stream_options).toEqual({ include_usage: true });
    expect(silent.hides(usageOnly)).toBe(true);
    expect(silent.hides({ event: null, data: '{"choices":[{}],"usage":null}' })).toBe(false);
    const asking = pass({ stream: true, stream_options: { include_usage: true } }, "m");
    expect(asking.hides(usageOnly)).toBe(false);
  });
});

describe("a reply of Messages", () => {
  const start = {
    type: "message_start",
    message: { id: "m", model: "claude-x-2026", content: [] },
  };
  const event = { event: "message_start", data: JSON.stringify(start) };
  const asked = (model: string) =>
    formatOf("anthropic-messages").pass({ model, messages: [] }, "claude-x");

  test("says the model as it was asked for, whole and streamed", () => {
    const passage = asked("route/smart");
    const message = { ...start.message, model: "route/smart" };
    expect(passage.reply(start.message)).toEqual(message);
    expect(JSON.parse(passage.event(event)?.data ?? "")).toEqual({ ...start, message });
    expect(passage.event({ event: "ping", data: '{"type":"ping"}' })).toBeNull();
    expect(passage.reply({ input_tokens: 7 })).toBeNull();
  });

  test("is left as it is when the provider has the same name for it", () => {
    expect(asked("claude-x").event(event)).toBeNull();
    expect(asked("claude-x").reply(start.message)).toBeNull();
  });
});

describe("needs and estimates", () => {
  test("see pictures and tools, in each format", () => {
    const chat = [
      {
        role: "user",
        content: [{ type: "image_url", image_url: { url: "data:image/png;base64," } }],
      },
    ];
    expect(formatOf("openai-chat").needs({ messages: chat, tools: [{}], stream: true })).toEqual({
      vision: true,
      tools: true,
      stream: true,
    });
    const result = { type: "tool_result", content: [{ type: "image", source: {} }] };
    const messages = [{ role: "user", content: [result] }];
    expect(formatOf("anthropic-messages").needs({ messages }).vision).toBe(true);
    const contents = [{ parts: [{ inlineData: { mimeType: "image/png", data: "" } }] }];
    expect(formatOf("gemini").needs({ contents }).vision).toBe(true);
    const input = [{ role: "user", content: [{ type: "input_image", image_url: "" }] }];
    expect(formatOf("openai-responses").needs({ input }).vision).toBe(true);
  });

  test("count characters, and a picture by itself, not by its bytes", () => {
    const text = { type: "text", text: "x".repeat(4000) };
    const source = { type: "base64", media_type: "image/png", data: "A".repeat(1_000_000) };
    const messages = [{ role: "user", content: [text, { type: "image", source }] }];
    const { input, output } = formatOf("anthropic-messages").estimate({ messages, max_tokens: 99 });
    expect(input).toBeGreaterThan(2500);
    expect(input).toBeLessThan(2700);
    expect(output).toBe(99);
  });
});

describe("errors", () => {
  test("are in the words of each protocol", () => {
    const error = { status: 429, type: "rate_limited", message: "slowly", code: "rate_limited" };
    expect(formatOf("openai-chat").errorBody(error)).toEqual({
      error: { message: "slowly", type: "rate_limit_error", param: null, code: "rate_limited" },
    });
    expect(formatOf("anthropic-messages").errorBody(error)).toEqual({
      type: "error",
      error: { type: "rate_limit_error", message: "slowly" },
    });
    expect(formatOf("gemini").errorBody(error)).toEqual({
      error: { code: 429, message: "slowly", status: "RESOURCE_EXHAUSTED" },
    });
  });

  test("of providers are found in whatever form they have", () => {
    const exchange = translation("anthropic-messages", "openai-chat");
    const message = (body: JsonObject | string) => exchange?.error(400, body).message;
    expect(message({ error: { message: "no such model", code: "x" } })).toBe("no such model");
    expect(message({ error: "no such model" })).toBe("no such model");
    expect(message({ detail: [{ loc: ["body"], msg: "extra field" }] })).toBe("extra field");
    expect(message({ message: { detail: [{ msg: "extra field" }] } })).toBe("extra field");
    expect(message("Bad \u001b[31mgateway")).toBe("Bad [31mgateway");
    expect(message({})).toBe("the provider gave no reason");
  });
});

test("what cannot be translated has no translation", () => {
  expect(translation("gemini", "openai-chat")).toBeNull();
  expect(translation("openai-embeddings", "anthropic-messages")).toBeNull();
  expect(translation("openai-chat", "openai-chat")).toBeNull();
});
