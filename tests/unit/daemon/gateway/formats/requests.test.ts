import { describe, expect, test } from "bun:test";
import { BadRequest } from "../../../../../daemon/gateway/formats/errors.ts";
import type { WireFormat } from "../../../../../daemon/gateway/formats/format.ts";
import { translation } from "../../../../../daemon/gateway/formats/index.ts";
import type { Json, JsonObject } from "../../../../../daemon/gateway/formats/json.ts";

function asked(client: WireFormat, provider: WireFormat, model = "some-model") {
  return (body: JsonObject): JsonObject => {
    const exchange = translation(client, provider);
    if (!exchange) throw new Error("no translation");
    return exchange.request(body, model);
  };
}

/** What is refused, and where it is. */
function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof BadRequest) return `${error.param}: ${error.message}`;
    throw error;
  }
  return "";
}

const picture = "data:image/png;base64,iVBORw0KGgo=";

describe("Messages, for a provider of Chat", () => {
  const ask = asked("anthropic-messages", "openai-chat");
  const messages = (...list: Json[]) => ask({ max_tokens: 9, messages: list }).messages;

  test("system, text, pictures and documents", () => {
    const image = {
      type: "image",
      source: { type: "base64", media_type: "image/png", data: "iV=" },
    };
    const link = { type: "image", source: { type: "url", url: "https://x.example/a.png" } };
    const note = { type: "text", media_type: "text/plain", data: "a note" };
    const body = {
      max_tokens: 100,
      temperature: 0.5,
      top_k: 5,
      stop_sequences: ["END"],
      system: [
        { type: "text", text: "Be brief.", cache_control: { type: "ephemeral" } },
        { type: "text", text: "Be kind." },
      ],
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "What is this?" },
            image,
            link,
            { type: "document", source: note },
          ],
        },
        {
          role: "assistant",
          content: [
            { type: "text", text: "A " },
            { type: "text", text: "cat." },
          ],
        },
        { role: "user", content: "Sure?" },
      ],
    };
    expect(ask(body)).toEqual({
      model: "some-model",
      max_tokens: 100,
      temperature: 0.5,
      stop: ["END"],
      messages: [
        { role: "system", content: "Be brief.\n\nBe kind." },
        {
          role: "user",
          content: [
            { type: "text", text: "What is this?" },
            { type: "image_url", image_url: { url: "data:image/png;base64,iV=" } },
            { type: "image_url", image_url: { url: "https://x.example/a.png" } },
            { type: "text", text: "a note" },
          ],
        },
        { role: "assistant", content: "A cat." },
        { role: "user", content: "Sure?" },
      ],
    });
  });

  test("parallel tool calls, their results in order, and a picture that a tool returned", () => {
    const image = {
      type: "image",
      source: { type: "base64", media_type: "image/png", data: "iV=" },
    };
    const call = (id: string, input: JsonObject) => ({ type: "tool_use", id, name: "look", input });
    const conversation = messages(
      {
        role: "assistant",
        content: [{ type: "text", text: "I look." }, call("a", { x: 1 }), call("b", {})],
      },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "a", content: "fog" },
          {
            type: "tool_result",
            tool_use_id: "b",
            is_error: true,
            content: [{ type: "text", text: "dark" }, image],
          },
          { type: "text", text: "Go on." },
        ],
      },
    );
    expect(conversation).toEqual([
      {
        role: "assistant",
        content: "I look.",
        tool_calls: [
          { id: "a", type: "function", function: { name: "look", arguments: '{"x":1}' } },
          { id: "b", type: "function", function: { name: "look", arguments: "{}" } },
        ],
      },
      { role: "tool", tool_call_id: "a", content: "fog" },
      { role: "tool", tool_call_id: "b", content: "Error: dark\n\n(in the next message)" },
      {
        role: "user",
        content: [
          { type: "text", text: "What the tool call b returned:" },
          { type: "image_url", image_url: { url: "data:image/png;base64,iV=" } },
          { type: "text", text: "Go on." },
        ],
      },
    ]);
  });

  test("tools and every tool_choice", () => {
    const input_schema = { type: "object", properties: { city: { type: "string" } } };
    const tools = [{ name: "look", description: "Looks", input_schema, strict: true }];
    const chosen = (tool_choice: JsonObject) => {
      const { tool_choice: choice, parallel_tool_calls } = ask({
        messages: [],
        tools,
        tool_choice,
      });
      return [choice, parallel_tool_calls];
    };
    expect(ask({ messages: [], tools }).tools).toEqual([
      {
        type: "function",
        function: { name: "look", description: "Looks", parameters: input_schema, strict: true },
      },
    ]);
    expect(chosen({ type: "auto" })).toEqual(["auto", undefined]);
    expect(chosen({ type: "any", disable_parallel_tool_use: true })).toEqual(["required", false]);
    expect(chosen({ type: "none" })).toEqual(["none", undefined]);
    const named = { type: "function", function: { name: "look" } };
    expect(chosen({ type: "tool", name: "look" })).toEqual([named, undefined]);
  });

  test("OpenAI's reasoning models get their own fields, others none that they refuse", () => {
    const body = {
      max_tokens: 50,
      temperature: 0,
      messages: [],
      thinking: { type: "enabled", budget_tokens: 20_000 },
      stream: true,
    };
    expect(asked("anthropic-messages", "openai-chat", "openai/gpt-5.5")(body)).toEqual({
      model: "openai/gpt-5.5",
      messages: [],
      max_completion_tokens: 50,
      reasoning_effort: "high",
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(asked("anthropic-messages", "openai-chat", "mistral-large")(body)).toMatchObject({
      max_tokens: 50,
      temperature: 0,
    });
    expect(asked("anthropic-messages", "openai-chat", "mistral-large")(body)).not.toHaveProperty(
      "reasoning_effort",
    );
  });

  test("what has no word in Chat is refused, and named", () => {
    const user = (block: JsonObject) => () => messages({ role: "user", content: [block] });
    expect(refusal(user({ type: "image", source: { type: "file", file_id: "f" } }))).toContain(
      "messages[0].content[0].source: a picture in Anthropic's file store",
    );
    expect(refusal(user({ type: "server_tool_use" }))).toContain("messages[0].content[0]");
    const tools = [{ type: "web_search_20250305", name: "web_search" }];
    expect(refusal(() => ask({ messages: [], tools }))).toBe(
      "tools[0]: this provider has no tool web_search_20250305",
    );
    expect(refusal(() => ask({}))).toBe("messages: messages must be a list");
  });
});

describe("Chat, for a provider of Messages", () => {
  const ask = asked("openai-chat", "anthropic-messages", "claude-sonnet-4-5");

  test("system, text, pictures, files and marks of what to cache", () => {
    const body = {
      max_completion_tokens: 100,
      temperature: 1.5,
      stop: "END",
      user: "u1",
      messages: [
        { role: "developer", content: "Be brief." },
        {
          role: "user",
          content: [
            { type: "text", text: "What?", prompt_cache_breakpoint: { mode: "explicit" } },
            { type: "text", text: "" },
            { type: "image_url", image_url: { url: picture, detail: "low" } },
            { type: "image_url", image_url: { url: "https://x.example/a.png" } },
            {
              type: "file",
              file: { filename: "a.pdf", file_data: "data:application/pdf;base64,JV=" },
            },
          ],
        },
        { role: "assistant", content: "A cat. " },
      ],
    };
    expect(ask(body)).toEqual({
      model: "claude-sonnet-4-5",
      max_tokens: 100,
      temperature: 1,
      stop_sequences: ["END"],
      metadata: { user_id: "u1" },
      system: [{ type: "text", text: "Be brief." }],
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "What?", cache_control: { type: "ephemeral" } },
            {
              type: "image",
              source: { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" },
            },
            { type: "image", source: { type: "url", url: "https://x.example/a.png" } },
            {
              type: "document",
              source: { type: "base64", media_type: "application/pdf", data: "JV=" },
              title: "a.pdf",
            },
          ],
        },
        { role: "assistant", content: [{ type: "text", text: "A cat." }] },
      ],
    });
  });

  test("parallel tool calls and their results, which become one turn with what follows", () => {
    const call = (id: string, text: string) => ({
      id,
      type: "function",
      function: { name: "look", arguments: text },
    });
    const body = {
      messages: [
        { role: "user", content: "Look." },
        {
          role: "assistant",
          content: null,
          tool_calls: [call("functions.look:0", '{"x":1}'), call("b", "")],
        },
        { role: "tool", tool_call_id: "functions.look:0", content: "fog" },
        { role: "tool", tool_call_id: "b", content: [{ type: "text", text: "dark" }] },
        { role: "user", content: "Go on." },
      ],
    };
    expect(ask(body).messages).toEqual([
      { role: "user", content: [{ type: "text", text: "Look." }] },
      {
        role: "assistant",
        content: [
          { type: "tool_use", id: "functions_look_0", name: "look", input: { x: 1 } },
          { type: "tool_use", id: "b", name: "look", input: {} },
        ],
      },
      {
        role: "user",
        content: [
          {
            type: "tool_result",
            tool_use_id: "functions_look_0",
            content: [{ type: "text", text: "fog" }],
          },
          { type: "tool_result", tool_use_id: "b", content: [{ type: "text", text: "dark" }] },
          { type: "text", text: "Go on." },
        ],
      },
    ]);
  });

  test("tools and every tool_choice", () => {
    const messages = [{ role: "user", content: "Hi" }];
    const tool = (name: string) => ({ type: "function", function: { name } });
    const tools = [tool("look"), tool("go")];
    const chosen = (fields: JsonObject) => ask({ messages, tools, ...fields });
    expect(chosen({}).tools).toEqual(
      ["look", "go"].map((name) => ({ name, input_schema: { type: "object", properties: {} } })),
    );
    expect(chosen({ tool_choice: "required" }).tool_choice).toEqual({ type: "any" });
    expect(chosen({ tool_choice: "none" }).tool_choice).toEqual({ type: "none" });
    expect(chosen({ tool_choice: tool("go") }).tool_choice).toEqual({ type: "tool", name: "go" });
    expect(chosen({ parallel_tool_calls: false }).tool_choice).toEqual({
      type: "auto",
      disable_parallel_tool_use: true,
    });
    const allowed = { mode: "required", tools: [tool("go")] };
    const few = chosen({ tool_choice: { type: "allowed_tools", allowed_tools: allowed } });
    expect(few).toMatchObject({ tools: [{ name: "go" }], tool_choice: { type: "any" } });
    expect(few.tools).toHaveLength(1);
  });

  test("efforts become budgets or efforts, by the model; a forced tool takes no thinking", () => {
    const messages = [{ role: "user", content: "Hi" }];
    const body = { messages, reasoning_effort: "medium", max_tokens: 1000, temperature: 0.2 };
    expect(ask(body)).toMatchObject({
      thinking: { type: "enabled", budget_tokens: 8192 },
      max_tokens: 9192,
    });
    expect(ask(body)).not.toHaveProperty("temperature");
    const newer = asked("openai-chat", "anthropic-messages", "claude-opus-4-8")(body);
    expect(newer).toMatchObject({
      thinking: { type: "adaptive", display: "summarized" },
      output_config: { effort: "medium" },
      max_tokens: 1000,
    });
    const plain = { messages, temperature: 0.2, top_p: 0.9 };
    const at = (model: string) => asked("openai-chat", "anthropic-messages", model)(plain);
    expect(at("claude-opus-4-6")).toMatchObject({ temperature: 0.2, top_p: 0.9 });
    expect(at("claude-opus-4-7")).not.toHaveProperty("temperature");
    expect(at("claude-sonnet-5")).not.toHaveProperty("top_p");
    const tools = [{ type: "function", function: { name: "look" } }];
    expect(ask({ ...body, tools, tool_choice: "required" })).not.toHaveProperty("thinking");
    for (const reasoning_effort of ["none", "constructor", 7]) {
      expect(ask({ ...body, reasoning_effort })).not.toHaveProperty("thinking");
    }
  });

  test("a schema for the answer", () => {
    const messages = [{ role: "user", content: "Hi" }];
    const schema = { type: "object", properties: {} };
    const response_format = { type: "json_schema", json_schema: { name: "x", schema } };
    expect(ask({ messages, response_format }).output_config).toEqual({
      format: { type: "json_schema", schema },
    });
    const json = ask({ messages, response_format: { type: "json_object" } });
    expect(JSON.stringify(json.system)).toContain("JSON object");
  });

  test("what has no word in Messages is refused, and named", () => {
    const messages = [{ role: "user", content: "Hi" }];
    expect(refusal(() => ask({ messages, n: 2 }))).toBe("n: this provider has no n");
    expect(refusal(() => ask({ messages, logprobs: true }))).toContain("logprobs");
    expect(refusal(() => ask({ messages: [] }))).toContain("messages");
    const audio = { role: "user", content: [{ type: "input_audio", input_audio: {} }] };
    expect(refusal(() => ask({ messages: [audio] }))).toContain("messages[0].content[0]");
    const call = { id: "a", function: { name: "look", arguments: "{half" } };
    expect(refusal(() => ask({ messages: [{ role: "assistant", tool_calls: [call] }] }))).toContain(
      "messages[0].tool_calls[0].function.arguments",
    );
    expect(
      refusal(() =>
        ask({
          messages: [
            { role: "user", content: [{ type: "image_url", image_url: { url: "file:///x" } }] },
          ],
        }),
      ),
    ).toContain("messages[0].content[0]: must be an http(s) address");
  });
});

describe("Responses, for a provider of Chat", () => {
  const ask = asked("openai-responses", "openai-chat");

  test("instructions, items, tool calls and their outputs", () => {
    const body = {
      instructions: "Be brief.",
      max_output_tokens: 100,
      store: false,
      input: [
        { role: "developer", content: "Be kind." },
        {
          type: "message",
          role: "user",
          content: [
            { type: "input_text", text: "What?" },
            { type: "input_image", image_url: picture, detail: "auto" },
          ],
        },
        { type: "message", role: "assistant", content: [{ type: "output_text", text: "I look." }] },
        { type: "function_call", call_id: "a", name: "look", arguments: '{"x":1}' },
        { type: "function_call", call_id: "b", name: "look", arguments: "{}" },
        { type: "function_call_output", call_id: "a", output: "fog" },
        {
          type: "function_call_output",
          call_id: "b",
          output: [{ type: "input_image", image_url: picture }],
        },
        { role: "user", content: "Go on." },
      ],
    };
    const call = (id: string, text: string) => ({
      id,
      type: "function",
      function: { name: "look", arguments: text },
    });
    expect(ask(body)).toEqual({
      model: "some-model",
      max_tokens: 100,
      messages: [
        { role: "system", content: "Be brief." },
        { role: "system", content: "Be kind." },
        {
          role: "user",
          content: [
            { type: "text", text: "What?" },
            { type: "image_url", image_url: { url: picture } },
          ],
        },
        {
          role: "assistant",
          content: "I look.",
          tool_calls: [call("a", '{"x":1}'), call("b", "{}")],
        },
        { role: "tool", tool_call_id: "a", content: "fog" },
        { role: "tool", tool_call_id: "b", content: "(in the next message)" },
        {
          role: "user",
          content: [
            { type: "text", text: "What the tool call b returned:" },
            { type: "image_url", image_url: { url: picture } },
          ],
        },
        { role: "user", content: "Go on." },
      ],
    });
  });

  test("custom tools and namespaces are functions, and calls of them come back as they were", () => {
    const exchange = translation("openai-responses", "openai-chat");
    const grammar = { type: "grammar", syntax: "lark", definition: "start: /.+/" };
    const tools = [
      { type: "custom", name: "apply_patch", description: "Edits", format: grammar },
      {
        type: "namespace",
        name: "files",
        tools: [{ type: "function", name: "read", parameters: {} }],
      },
      { type: "web_search" },
      { type: "tool_search", execution: "client" },
    ];
    const input = [
      { type: "custom_tool_call", call_id: "p", name: "apply_patch", input: "*** Begin" },
      { type: "custom_tool_call_output", call_id: "p", output: "done" },
    ];
    const sent = exchange?.request({ input, tools, tool_choice: "auto" }, "m");
    expect(sent).toMatchObject({
      tools: [{ function: { name: "apply_patch" } }, { function: { name: "files__read" } }],
      messages: [
        { tool_calls: [{ function: { name: "apply_patch", arguments: '{"input":"*** Begin"}' } }] },
        { role: "tool", tool_call_id: "p", content: "done" },
      ],
    });
    expect(JSON.stringify(sent?.tools)).toContain("start: /.+/");
    const calls = [
      {
        id: "q",
        type: "function",
        function: { name: "apply_patch", arguments: '{"input":"*** End"}' },
      },
      { id: "r", type: "function", function: { name: "files__read", arguments: "{}" } },
    ];
    const message = { role: "assistant", content: null, tool_calls: calls };
    const choices = [{ index: 0, finish_reason: "tool_calls", message }];
    expect(exchange?.reply({ choices })).toMatchObject({
      status: "completed",
      output: [
        { type: "custom_tool_call", call_id: "q", name: "apply_patch", input: "*** End" },
        { type: "function_call", call_id: "r", name: "read", namespace: "files", arguments: "{}" },
      ],
    });
  });

  test("what only OpenAI keeps or runs is refused, and named", () => {
    expect(refusal(() => ask({ input: "Hi", previous_response_id: "resp_1" }))).toContain(
      "previous_response_id: this provider keeps no state",
    );
    expect(refusal(() => ask({ input: [{ type: "item_reference", id: "x" }] }))).toContain(
      "input[0]",
    );
    expect(refusal(() => ask({ input: "Hi", tools: [{ type: "code_interpreter" }] }))).toBe(
      "tools[0]: this provider has no tool code_interpreter",
    );
    expect(refusal(() => ask({}))).toContain("input");
  });

  test("and on to one of Messages", () => {
    const onwards = asked("openai-responses", "anthropic-messages", "claude-opus-4-8");
    const tools = [{ type: "function", name: "look", parameters: { type: "object" } }];
    expect(
      onwards({ instructions: "Be brief.", input: "Hi", tools, reasoning: { effort: "high" } }),
    ).toMatchObject({
      system: [{ type: "text", text: "Be brief." }],
      messages: [{ role: "user", content: [{ type: "text", text: "Hi" }] }],
      tools: [{ name: "look" }],
      thinking: { type: "adaptive" },
      output_config: { effort: "high" },
    });
  });
});
