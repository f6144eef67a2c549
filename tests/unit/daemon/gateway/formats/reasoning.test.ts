import { describe, expect, test } from "bun:test";
import { formatOf, translation } from "../../../../../daemon/gateway/formats/index.ts";
import {
  type Json,
  type JsonObject,
  objectOf,
  objectsOf,
  parseObject,
} from "../../../../../daemon/gateway/formats/json.ts";
import { recordings, translated } from "./fixtures.ts";

/** What the provider is sent when the client gives back the reply that it got. */
function givenBack(
  client: "anthropic-messages" | "openai-chat" | "openai-responses",
  provider: "anthropic-messages" | "openai-chat",
  reply: JsonObject,
  model = "some-model",
): JsonObject {
  const exchange = () => {
    const made = translation(client, provider);
    if (!made) throw new Error("no translation");
    return made;
  };
  const got = exchange().reply(reply);
  const user = { role: "user", content: "Go on." };
  const said: Json[] =
    client === "openai-responses"
      ? objectsOf(got.output)
      : client === "openai-chat"
        ? [objectOf(objectsOf(got.choices)[0]?.message)]
        : [{ role: "assistant", content: got.content ?? [] }];
  return exchange().request(
    { messages: [...said, user], input: [...said, user], max_tokens: 9 },
    model,
  );
}

const completion = (message: JsonObject): JsonObject => ({
  choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", ...message } }],
});

const call = {
  id: "call_1",
  type: "function",
  function: { name: "ask", arguments: '{"q":"why"}' },
};

/** Reasoning as Chat providers have it, each in a way of its own. */
const dialects: Record<string, JsonObject> = {
  "DeepSeek and Moonshot": { content: "Hi", reasoning_content: "They greet." },
  "Groq and vLLM": { content: "Hi", reasoning: "They greet." },
  Mistral: {
    content: [
      { type: "thinking", thinking: [{ type: "text", text: "They greet." }] },
      { type: "text", text: "Hi" },
    ],
  },
  OpenRouter: {
    content: "Hi",
    reasoning_details: [
      {
        type: "reasoning.text",
        text: "They greet.",
        signature: "sig=",
        format: "anthropic-claude-v1",
        index: 0,
      },
      {
        type: "reasoning.encrypted",
        data: "gAAA",
        id: "rs_1",
        format: "openai-responses-v1",
        index: 1,
      },
    ],
  },
  "Gemini's tool calls": {
    content: null,
    tool_calls: [{ ...call, extra_content: { google: { thought_signature: "CpcB" } } }],
  },
};

describe.each(Object.keys(dialects))("reasoning of %s", (name) => {
  const message = dialects[name] ?? {};

  test.each(["anthropic-messages", "openai-responses"] as const)(
    "goes back as it came, through a client of %s",
    (client) => {
      const sent = givenBack(client, "openai-chat", completion(message));
      expect(objectsOf(sent.messages)[0]).toEqual({ role: "assistant", ...message });
    },
  );
});

describe("thinking of Anthropic", () => {
  const content = [
    { type: "thinking", thinking: "They greet.", signature: "EqQBCgIYAhIM" },
    { type: "redacted_thinking", data: "EmwKAhgBEgy3" },
    { type: "text", text: "I ask." },
    { type: "tool_use", id: "toolu_1", name: "ask", input: { q: "why" } },
  ];
  const reply = { type: "message", role: "assistant", content, stop_reason: "tool_use", usage: {} };

  test.each(["openai-chat", "openai-responses"] as const)(
    "goes back as it came, through a client of %s",
    (client) => {
      const sent = givenBack(client, "anthropic-messages", reply);
      expect(objectsOf(sent.messages)[0]).toEqual({ role: "assistant", content });
    },
  );

  test("streamed for Chat, is whole for clients that keep the last delta only", () => {
    const recording = recordings().find(
      ({ name, client }) => name === "messages-thinking" && client === "openai-chat",
    );
    if (!recording) throw new Error("no recording");
    // As the official SDK collects them: a field that it does not know is replaced.
    const message: JsonObject = {};
    for (const { data } of translated(recording, [recording.bytes])) {
      const delta = objectOf(objectsOf(parseObject(data)?.choices)[0]?.delta);
      const { tool_calls: _, ...known } = delta;
      Object.assign(message, known);
    }
    const sent = translation("openai-chat", "anthropic-messages")?.request(
      {
        messages: [
          { ...message, content: "I ask." },
          { role: "user", content: "Go on." },
        ],
      },
      "some-model",
    );
    expect(objectsOf(objectsOf(sent?.messages)[0]?.content)).toEqual([
      { type: "thinking", thinking: "First thought.", signature: "EqQBCgIYAhIM" },
      { type: "redacted_thinking", data: "EmwKAhgBEgy3va3pzix=" },
      { type: "text", text: "I ask." },
    ]);
  });

  test("does not go to a provider that has not thought it", () => {
    const thinking = { type: "thinking", thinking: "They greet.", signature: "of Anthropic's own" };
    const messages = [{ role: "assistant", content: [thinking, { type: "text", text: "Hi" }] }];
    const sent = translation("anthropic-messages", "openai-chat")?.request({ messages }, "m");
    expect(sent?.messages).toEqual([{ role: "assistant", content: "Hi" }]);
  });
});

describe("after another provider has taken over", () => {
  test("Anthropic is not shown what it has not signed", () => {
    const exchange = translation("anthropic-messages", "openai-chat");
    const { content = [] } =
      exchange?.reply(completion({ content: "Hi", reasoning_content: "They greet." })) ?? {};
    const own = { type: "thinking", thinking: "Mine.", signature: "EqQB" };
    const messages = [
      { role: "assistant", content },
      { role: "assistant", content: [own, { type: "text", text: "Yes" }] },
    ];
    expect(objectsOf(content)).toHaveLength(2);
    expect(formatOf("anthropic-messages").pass({ messages }, "m").body.messages).toEqual([
      { role: "assistant", content: [{ type: "text", text: "Hi", citations: null }] },
      { role: "assistant", content: [own, { type: "text", text: "Yes" }] },
    ]);
  });

  test("a provider of Chat gets no fields that it may refuse", () => {
    const thinking = { type: "thinking", thinking: "They greet.", signature: "EqQB" };
    const reply = { type: "message", content: [thinking, { type: "text", text: "Hi" }] };
    const exchange = translation("openai-chat", "anthropic-messages");
    const choices = objectsOf(exchange?.reply({ ...reply, stop_reason: "end_turn" }).choices);
    const message = objectOf(choices[0]?.message);
    expect(message.reasoning_details).toBeDefined();
    const sent = formatOf("openai-chat").pass({ messages: [message] }, "m").body;
    expect(sent.messages).toEqual([{ role: "assistant", content: "Hi", refusal: null }]);
  });
});

test("a mark that somebody has made up does no harm", () => {
  const made = (text: string) => `nexora1.${Buffer.from(text).toString("base64url")}`;
  for (const text of ["{", "[]", "{}", '{"field":"__proto__"}', '{"detail":7}', '{"call":"x"}']) {
    const thinking = { type: "thinking", thinking: "x", signature: made(text) };
    const messages = [{ role: "assistant", content: [thinking, { type: "text", text: "Hi" }] }];
    const sent = translation("anthropic-messages", "openai-chat")?.request({ messages }, "m");
    expect(sent?.messages).toEqual([{ role: "assistant", content: "Hi" }]);
  }
});
