import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { TestGateway } from "../support/gateway.ts";
import { eventsOf } from "../support/model-wires.ts";
import { events } from "../support/raw-upstream.ts";
import { signature, simpleModel } from "../support/simple-model.ts";

// The official SDKs as they are, with the token in place of a key, and the built binary.
process.env.NEXORA_TEST_BINARY ??= join(import.meta.dir, "../../dist/nexora");

const wires = ["openai-chat", "anthropic-messages", "openai-responses"] as const;
type Wire = (typeof wires)[number];

let gateway: TestGateway;
let openai: OpenAI;
let anthropic: Anthropic;
/** A model at a provider of each format. */
const models = new Map<Wire, string>();
const model = (wire: Wire) => models.get(wire) ?? "";

beforeAll(async () => {
  gateway = await TestGateway.start();
  const options = { apiKey: gateway.token, maxRetries: 0 };
  openai = new OpenAI({ ...options, baseURL: `${gateway.url}/v1` });
  anthropic = new Anthropic({ ...options, baseURL: gateway.url });
  for (const format of wires) {
    // A name that is taken for one of Claude's that think within a budget.
    const name = format === "anthropic-messages" ? "claude-sonnet-4-5-test" : gateway.name();
    const { id } = await gateway.provider(simpleModel, { model: name, format: [format], keys: 1 });
    models.set(format, `${id}/${name}`);
  }
});
afterAll(() => gateway[Symbol.asyncDispose]());

const png =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";
const said = (pictures: number, results: number) =>
  `I see ${pictures} pictures and ${results} results.`;
/** What the simple model calls each of its tools with. */
const input = { city: "Zürich", note: 'with "quotes" and \\' };
const schema = { type: "object" as const, properties: { city: { type: "string" } } };
const names = ["look", "listen"];

describe.each(["openai-chat", "anthropic-messages"] as const)(
  "the OpenAI SDK's chat completions, at a provider of %s",
  (wire) => {
    const tools = names.map((name) => ({
      type: "function" as const,
      function: { name, parameters: schema },
    }));
    const picture = {
      type: "image_url" as const,
      image_url: { url: `data:image/png;base64,${png}` },
    };
    const content = [{ type: "text" as const, text: "What is this?" }, picture];

    test("a picture, whole", async () => {
      const reply = await openai.chat.completions.create({
        model: model(wire),
        messages: [{ role: "user", content }],
      });
      expect(reply.choices[0]?.message.content).toBe(said(1, 0));
      expect(reply.usage).toMatchObject({ prompt_tokens: 1000, completion_tokens: 50 });
      expect(reply.usage?.prompt_tokens_details?.cached_tokens).toBe(600);
    });

    test("a picture, streamed", async () => {
      const stream = await openai.chat.completions.create({
        model: model(wire),
        messages: [{ role: "user", content }],
        stream: true,
        stream_options: { include_usage: true },
      });
      const chunks = await Array.fromAsync(stream);
      const text = chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("");
      expect(text).toBe(said(1, 0));
      expect(chunks.at(-1)?.usage).toMatchObject({ prompt_tokens: 1000, completion_tokens: 50 });
    });

    test.each([false, true])(
      "parallel tools, and thinking that must come back (streamed: %p)",
      async (stream) => {
        const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: "user", content: "Look." }];
        const ask = async () => {
          const params = { model: model(wire), messages, tools, reasoning_effort: "low" as const };
          if (stream) return openai.chat.completions.stream(params).finalMessage();
          const reply = await openai.chat.completions.create(params);
          return reply.choices[0]?.message;
        };
        const first = await ask();
        const calls = first?.tool_calls ?? [];
        expect(calls.map((call) => call.type === "function" && call.function.name)).toEqual(names);
        for (const call of calls) {
          expect(JSON.parse(call.type === "function" ? call.function.arguments : "")).toEqual(
            input,
          );
        }
        if (first) messages.push(first);
        for (const { id } of calls)
          messages.push({ role: "tool", tool_call_id: id, content: "fog" });
        expect((await ask())?.content).toBe(said(0, 2));
      },
    );
  },
);

describe.each(wires)("the OpenAI SDK's responses, at a provider of %s", (wire) => {
  const tools = names.map((name) => ({
    type: "function" as const,
    name,
    parameters: schema,
    strict: false,
  }));

  test.each([false, true])("a picture (streamed: %p)", async (stream) => {
    const params = {
      model: model(wire),
      instructions: "Be brief.",
      input: [
        {
          role: "user" as const,
          content: [
            { type: "input_text" as const, text: "What is this?" },
            {
              type: "input_image" as const,
              detail: "auto" as const,
              image_url: `data:image/png;base64,${png}`,
            },
          ],
        },
      ],
    };
    const reply = stream
      ? await openai.responses.stream(params).finalResponse()
      : await openai.responses.create(params);
    expect([reply.status, reply.output_text]).toEqual(["completed", said(1, 0)]);
    expect(reply.usage).toMatchObject({ input_tokens: 1000, output_tokens: 50 });
  });

  test.each([false, true])(
    "parallel tools, and thinking that must come back (streamed: %p)",
    async (stream) => {
      const items: OpenAI.Responses.ResponseInput = [{ role: "user", content: "Look." }];
      const ask = async () => {
        const effort = { reasoning: { effort: "low" as const } };
        const params = { model: model(wire), input: items, tools, store: false, ...effort };
        return stream
          ? await openai.responses.stream(params).finalResponse()
          : await openai.responses.create(params);
      };
      const first = await ask();
      const calls = first.output.flatMap((item) => (item.type === "function_call" ? [item] : []));
      expect(calls.map(({ name }) => name)).toEqual(names);
      for (const call of calls) expect(JSON.parse(call.arguments)).toEqual(input);
      // What it has put out is given back as it is.
      items.push(...first.output.map((item) => item as OpenAI.Responses.ResponseInputItem));
      for (const { call_id } of calls) {
        items.push({ type: "function_call_output", call_id, output: "fog" });
      }
      expect((await ask()).output_text).toBe(said(0, 2));
    },
  );
});

describe.each(["anthropic-messages", "openai-chat"] as const)(
  "the Anthropic SDK's messages, at a provider of %s",
  (wire) => {
    const source = { type: "base64" as const, media_type: "image/png" as const, data: png };
    const content = [
      { type: "text" as const, text: "What is this?" },
      { type: "image" as const, source },
    ];

    test.each([false, true])("a picture (streamed: %p)", async (stream) => {
      const params = {
        model: model(wire),
        max_tokens: 100,
        system: "Be brief.",
        messages: [{ role: "user" as const, content }],
      };
      const reply = stream
        ? await anthropic.messages.stream(params).finalMessage()
        : await anthropic.messages.create(params);
      expect(reply.content).toMatchObject([{ type: "text", text: said(1, 0) }]);
      expect(reply.stop_reason).toBe("end_turn");
      const { usage } = reply;
      expect(usage).toMatchObject({
        input_tokens: 300,
        cache_read_input_tokens: 600,
        cache_creation_input_tokens: 100,
        output_tokens: 50,
      });
    });

    test.each([false, true])(
      "parallel tools, and thinking that must come back (streamed: %p)",
      async (stream) => {
        const messages: Anthropic.MessageParam[] = [{ role: "user", content: "Look." }];
        const ask = () => {
          const params = {
            model: model(wire),
            max_tokens: 4000,
            messages,
            tools: names.map((name) => ({ name, input_schema: schema })),
            thinking: { type: "enabled" as const, budget_tokens: 2000 },
          };
          return stream
            ? anthropic.messages.stream(params).finalMessage()
            : anthropic.messages.create(params);
        };
        const first = await ask();
        expect([first.stop_reason, first.model]).toEqual(["tool_use", model(wire)]);
        const calls = first.content.filter((block) => block.type === "tool_use");
        expect(calls.map(({ name }) => name)).toEqual(names);
        for (const call of calls) expect(call.input).toEqual(input);
        const thinking = first.content.find((block) => block.type === "thinking");
        if (wire === "anthropic-messages") expect(thinking?.signature).toBe(signature);
        messages.push({ role: "assistant", content: first.content });
        messages.push({
          role: "user",
          content: calls.map(({ id }) => ({
            type: "tool_result" as const,
            tool_use_id: id,
            content: "fog",
          })),
        });
        const second = await ask();
        expect(second.content.at(-1)).toMatchObject({ type: "text", text: said(0, 2) });
      },
    );
  },
);

describe("what both SDKs also do", () => {
  test("lists of models, tokens counted, embeddings, the other addresses", async () => {
    const chat = model("openai-chat");
    const ids = (await Array.fromAsync(openai.models.list())).map(({ id }) => id);
    expect(ids).toContain(chat);
    expect((await Array.fromAsync(anthropic.models.list())).map(({ id }) => id)).toContain(chat);
    const messages = [{ role: "user" as const, content: "x".repeat(400) }];
    const counted = await anthropic.messages.countTokens({ model: chat, messages });
    expect(counted.input_tokens).toBeGreaterThan(50);
    const apart = openai.withOptions({ baseURL: `${gateway.url}/openai/v1` });
    const reply = await apart.chat.completions.create({ model: chat, messages });
    expect(reply.choices[0]?.message.content).toBe(said(0, 0));
    const other = anthropic.withOptions({ baseURL: `${gateway.url}/anthropic` });
    const message = await other.messages.create({ model: chat, max_tokens: 9, messages });
    expect(message.content).toMatchObject([{ text: said(0, 0) }]);
    const { model: name } = await gateway.provider(simpleModel, { format: ["openai-embeddings"] });
    const vectors = await openai.embeddings.create({
      model: name,
      input: ["a", "b"],
      encoding_format: "float",
    });
    expect(vectors.data.map(({ embedding }) => embedding)).toEqual([
      [0.5, -0.5],
      [0.5, -0.5],
    ]);
  });

  test("errors are of the SDKs' own classes", async () => {
    const messages = [{ role: "user" as const, content: "Hi" }];
    const unknown = { model: "no-such-model", messages };
    expect(await refusal(openai.chat.completions.create(unknown))).toBeInstanceOf(
      OpenAI.NotFoundError,
    );
    expect(await refusal(anthropic.messages.create({ ...unknown, max_tokens: 9 }))).toBeInstanceOf(
      Anthropic.NotFoundError,
    );
    const stranger = { apiKey: "nxt_none", maxRetries: 0 };
    expect(await refusal(openai.withOptions(stranger).models.list())).toBeInstanceOf(
      OpenAI.AuthenticationError,
    );
    expect(await refusal(anthropic.withOptions(stranger).models.list())).toBeInstanceOf(
      Anthropic.AuthenticationError,
    );
    const two = { model: model("anthropic-messages"), messages, n: 2 };
    expect(await refusal(openai.chat.completions.create(two))).toBeInstanceOf(
      OpenAI.BadRequestError,
    );
  });

  test.each(["openai-chat", "anthropic-messages"] as const)(
    "a stream of %s that is cut off is an error, never an end",
    async (wire) => {
      const whole = eventsOf(wire, "m", { text: "This text has no end, as it is cut off." });
      const cut = events(whole.slice(0, 5));
      const { model: name } = await gateway.provider(cut, { format: [wire] });
      const messages = [{ role: "user" as const, content: "Hi" }];
      const params = { model: name, messages, stream: true as const };
      const chat = await openai.chat.completions.create(params);
      expect(await refusal(Array.fromAsync(chat))).toBeInstanceOf(OpenAI.APIError);
      const message = await anthropic.messages.create({ ...params, max_tokens: 9 });
      expect(await refusal(Array.fromAsync(message))).toBeInstanceOf(Anthropic.APIError);
      const response = await openai.responses.create({ model: name, input: "Hi", stream: true });
      expect(await refusal(Array.fromAsync(response))).toBeInstanceOf(OpenAI.APIError);
    },
  );
});

/** What a call is refused with. The SDKs' promises are none that `rejects` takes. */
async function refusal(call: PromiseLike<unknown>): Promise<unknown> {
  try {
    await call;
  } catch (error) {
    return error;
  }
  return "no error";
}
