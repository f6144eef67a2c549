import { describe, expect, test } from "bun:test";
import { BadReply } from "../../../../../daemon/gateway/formats/errors.ts";
import { translation } from "../../../../../daemon/gateway/formats/index.ts";
import {
  type JsonObject,
  objectOf,
  objectsOf,
  parseObject,
} from "../../../../../daemon/gateway/formats/json.ts";
import { SseParser } from "../../../../../daemon/gateway/formats/sse.ts";
import { bodyOf, eventsOf, type Turn } from "../../../../support/model-wires.ts";
import { seeded } from "../../../rfb/random.ts";
import { endsWell, recordings, request, translated } from "./fixtures.ts";

const turns: Record<string, Turn> = {
  text: { text: "It rains in Zürich. ☂" },
  nothing: {},
  calls: {
    text: "I look.",
    calls: [
      { id: "a", name: "look", input: { city: "Zürich", note: 'a "quoted" \\ text\n' } },
      { id: "b", name: "list", input: {} },
    ],
  },
  thinking: { thinking: { text: "They ask for rain.", signature: "c2ln" }, text: "It rains." },
};

/** The message that a client of Messages has put together from a stream. */
function assembled(events: readonly { data: string }[]): JsonObject {
  let message: JsonObject = {};
  const content: JsonObject[] = [];
  const inputs: string[] = [];
  for (const { data } of events) {
    const event = parseObject(data) ?? {};
    const index = Number(event.index);
    const block = content[index] ?? {};
    const delta = objectOf(event.delta);
    if (event.type === "message_start") message = objectOf(event.message);
    if (event.type === "content_block_start") content[index] = objectOf(event.content_block);
    if (event.type === "message_delta")
      message = { ...message, ...delta, usage: event.usage ?? null };
    if (delta.type === "text_delta") block.text = `${block.text}${delta.text}`;
    if (delta.type === "thinking_delta") block.thinking = `${block.thinking}${delta.thinking}`;
    if (delta.type === "signature_delta") block.signature = delta.signature ?? "";
    if (delta.type === "input_json_delta")
      inputs[index] = `${inputs[index] ?? ""}${delta.partial_json}`;
  }
  for (const [index, text] of inputs.entries()) {
    const block = content[index];
    if (text && block) block.input = parseObject(text);
  }
  return { ...message, content };
}

describe.each(Object.keys(turns))("a reply with %s", (name) => {
  const turn = turns[name] ?? {};

  test("is the same whole and streamed, for a client of Messages", () => {
    const body: JsonObject = JSON.parse(JSON.stringify(bodyOf("openai-chat", "m", turn)));
    const made = translation("anthropic-messages", "openai-chat");
    made?.request(request, "m");
    const whole = made?.reply(body);
    expect(whole?.model).toBe("route/any");
    const bytes = new TextEncoder().encode(eventsOf("openai-chat", "m", turn).join(""));
    const exchange = { client: "anthropic-messages", provider: "openai-chat" } as const;
    expect(assembled(translated(exchange, [bytes]))).toEqual(whole ?? {});
  });

  test.each([
    ["openai-chat", "anthropic-messages"],
    ["anthropic-messages", "openai-chat"],
    ["openai-responses", "openai-chat"],
    ["openai-responses", "anthropic-messages"],
  ] as const)(
    "bills a client of %s at a provider of %s for each token once",
    (client, provider) => {
      const body: JsonObject = JSON.parse(JSON.stringify(bodyOf(provider, "m", turn)));
      const { usage } = translation(client, provider)?.reply(body) ?? {};
      const expected = {
        "openai-chat": { prompt_tokens: 1000, completion_tokens: 50, total_tokens: 1050 },
        "openai-responses": { input_tokens: 1000, output_tokens: 50, total_tokens: 1050 },
        "anthropic-messages": {
          input_tokens: 300,
          cache_read_input_tokens: 600,
          cache_creation_input_tokens: 100,
          output_tokens: 50,
        },
      };
      expect(usage).toMatchObject(expected[client]);
    },
  );
});

describe("tool calls of a Chat stream", () => {
  const chunk = (...tool_calls: JsonObject[]) =>
    `data: ${JSON.stringify({ choices: [{ index: 0, delta: { tool_calls } }] })}\n\n`;
  const finish = `data: {"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}\n\ndata: [DONE]\n\n`;
  const exchange = { client: "anthropic-messages", provider: "openai-chat" } as const;
  const blocks = (text: string) =>
    objectsOf(assembled(translated(exchange, [new TextEncoder().encode(text)])).content);

  test("lose nothing, in whatever order and pieces they come", () => {
    const random = seeded(Number(process.env.FUZZ_SEED ?? 20_261_122));
    for (let round = 0; round < 300; round++) {
      const calls = Array.from({ length: 1 + random(4) }, (_, index) => ({
        index,
        id: `call_${index}`,
        name: `tool_${index}`,
        input: random(4) === 0 ? {} : { text: "x}{".repeat(random(9)), n: [random(9)] },
      }));
      const queues = calls.map(({ index, id, name, input }) => {
        const text = JSON.stringify(input);
        const pieces = [chunk({ index, id, type: "function", function: { name, arguments: "" } })];
        for (let at = 0; at < text.length; ) {
          const length = 1 + random(8);
          pieces.push(chunk({ index, function: { arguments: text.slice(at, at + length) } }));
          at += length;
        }
        return pieces;
      });
      let text = "";
      while (queues.some(({ length }) => length > 0)) {
        // Calls begin in order; their pieces take turns.
        const begun = queues.findLastIndex((queue, index) => queue.length <= index) + 1;
        const queue = queues[random(Math.min(queues.length, begun + queues.length))];
        text += queue?.shift() ?? "";
      }
      const got = blocks(text + finish).map(({ id, name, input }) => ({ id, name, input }));
      const expected = calls.map(({ id, name, input }) => ({ id, name, input }));
      expect(got.toSorted((a, b) => String(a.id).localeCompare(String(b.id)))).toEqual(expected);
    }
  });

  test("with one index for all, or none, are told apart by their ids", () => {
    const call = (id: string, index?: number) => ({
      ...(index === undefined ? {} : { index }),
      id,
      function: { name: "look", arguments: `{"id":"${id}"}` },
    });
    const expected = [{ input: { id: "a" } }, { input: { id: "b" } }];
    expect(blocks(chunk(call("a", 0)) + chunk(call("b", 0)) + finish)).toMatchObject(expected);
    expect(blocks(chunk(call("a"), call("b")) + finish)).toMatchObject(expected);
    expect(blocks(chunk(call("a")) + chunk(call("b")) + finish)).toMatchObject(expected);
  });

  test("without an id get one", () => {
    const [block] = blocks(
      chunk({ index: 0, function: { name: "look", arguments: "{}" } }) + finish,
    );
    expect(String(block?.id)).toMatch(/^call_[0-9a-f]{32}$/);
  });

  test("whose arguments are no JSON do not end well", () => {
    const text =
      chunk({ index: 0, id: "a", function: { name: "look", arguments: '{"half' } }) + finish;
    const events = translated(exchange, [new TextEncoder().encode(text)]);
    expect(endsWell(events)).toBe(false);
    expect(events.at(-1)?.data).toContain("look");
  });
});

describe("what is no reply", () => {
  test.each([
    ["anthropic-messages", "openai-chat"],
    ["openai-chat", "anthropic-messages"],
    ["openai-responses", "openai-chat"],
  ] as const)("is none for a client of %s at a provider of %s", (client, provider) => {
    const read = (body: JsonObject) => () => translation(client, provider)?.reply(body);
    expect(read({})).toThrow(BadReply);
    expect(read({ choices: [], content: "text", type: "message" })).toThrow(BadReply);
    expect(read({ error: { message: "the model is gone" } })).toThrow(BadReply);
    expect(read({ choices: [{ message: { content: "half" } }] })).toThrow(BadReply);
  });

  test("an error that comes with status 200 is told", () => {
    const exchange = translation("anthropic-messages", "openai-chat");
    const body = { error: { message: "the model is gone", code: 503 } };
    expect(() => exchange?.reply(body)).toThrow("the model is gone");
  });
});

test("a stream ends once, also when more comes after it", () => {
  for (const recording of recordings()) {
    const exchange = translation(recording.client, recording.provider);
    exchange?.request(request, "m");
    const stream = exchange?.stream();
    const events = new SseParser()
      .push(recording.bytes)
      .flatMap((event) => stream?.event(event) ?? []);
    expect(events.length).toBeGreaterThan(1);
    expect(stream?.event({ event: null, data: "{garbage" })).toEqual([]);
    expect(stream?.end()).toEqual([]);
  }
});
