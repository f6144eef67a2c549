import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { completion, pieces, TestGateway } from "../support/gateway.ts";
import { events, json } from "../support/raw-upstream.ts";

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await TestGateway.start();
});
afterAll(() => gateway[Symbol.asyncDispose]());

const message = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "upstream-model",
  content: [{ type: "text", text: "hi" }],
  stop_reason: "end_turn",
  stop_sequence: null,
  usage: { input_tokens: 7, output_tokens: 3 },
};

describe("a request in the provider's own format", () => {
  test("is passed on byte for byte, but for the model, and so is its reply", async () => {
    const { id, model, upstream, keys } = await gateway.provider(json(completion("hi")), {
      keys: 1,
    });
    const body = `{"messages": [{"role":"user","content":"h\\u00e9llo"}],  "seed": 12345678901234567890, "temperature":1.0,"model":"${id}/${model}"}`;
    const reply = await gateway.post("/v1/chat/completions", body);
    expect(await reply.text()).toBe(JSON.stringify(completion("hi")));
    expect(reply.headers.get("x-nexora-provider")).toBe(id);
    expect(reply.headers.get("x-nexora-attempts")).toBe("1");
    const [asked] = upstream.requests;
    expect(asked?.path).toBe("/v1/chat/completions");
    expect(asked?.body).toBe(body.replace(`${id}/${model}`, model));
    expect(asked?.headers.authorization).toBe(`Bearer ${keys[0]}`);
    expect(JSON.stringify(asked?.headers)).not.toContain(gateway.token);
  });

  test("streams event by event, without the usage that only we asked for", async () => {
    const { model, upstream } = await gateway.provider(events(pieces("a", "b")));
    const reply = await gateway.chat(model, { stream: true });
    expect(reply.headers.get("content-type")).toStartWith("text/event-stream");
    const all = pieces("a", "b");
    expect(await reply.text()).toBe(all.filter((each) => !each.includes('"usage"')).join(""));
    expect(JSON.parse(upstream.requests[0]?.body ?? "").stream_options).toEqual({
      include_usage: true,
    });
    expect((await gateway.requests()).at(-1)).toMatchObject({
      inputTokens: 7,
      outputTokens: 3,
      status: 200,
    });
  });

  test("streams the usage to who asked for it", async () => {
    const { model } = await gateway.provider(events(pieces("a")));
    const options = { stream: true, stream_options: { include_usage: true } };
    const reply = await gateway.chat(model, options);
    expect(await reply.text()).toBe(pieces("a").join(""));
  });

  test("goes to Anthropic's with its headers, and to Google's with the model in the path", async () => {
    const claude = await gateway.provider(json(message), { format: ["anthropic-messages"] });
    const asked = {
      model: claude.model,
      max_tokens: 9,
      messages: [{ role: "user", content: "hi" }],
    };
    const headers = { "anthropic-version": "2023-06-01", "anthropic-beta": "b-1" };
    const reply = await gateway.post("/anthropic/v1/messages", asked, { headers });
    expect(await reply.json()).toEqual(message);
    expect(claude.upstream.requests[0]?.headers).toMatchObject(headers);

    const made = { candidates: [{ content: { parts: [{ text: "hi" }] }, finishReason: "STOP" }] };
    const google = await gateway.provider(json(made), { format: ["gemini"] });
    const path = `/v1beta/models/${google.model}:generateContent`;
    const contents = [{ role: "user", parts: [{ text: "hi" }] }];
    expect(await (await gateway.post(path, { contents })).json()).toEqual(made);
    expect(google.upstream.requests[0]?.path).toEndWith(`/${google.model}:generateContent`);
    expect(JSON.parse(google.upstream.requests[0]?.body ?? "")).toEqual({ contents });
  });

  test("may only count tokens", async () => {
    const { model, upstream } = await gateway.provider(json({ input_tokens: 12 }), {
      format: ["anthropic-messages"],
    });
    const body = { model, messages: [{ role: "user", content: "hi" }] };
    const reply = await gateway.post("/v1/messages/count_tokens", body);
    expect(await reply.json()).toEqual({ input_tokens: 12 });
    expect(upstream.requests[0]?.path).toEndWith("/messages/count_tokens");
  });
});

describe("a request in another format", () => {
  test("of Anthropic's is answered by who speaks OpenAI's", async () => {
    const { model } = await gateway.provider(json(completion("hi")));
    const body = { model, max_tokens: 9, messages: [{ role: "user", content: "hello" }] };
    const reply = await gateway.post("/v1/messages", body);
    const { type, role, content, usage } = (await reply.json()) as typeof message;
    expect({ type, role, content }).toEqual({
      type: "message",
      role: "assistant",
      content: [expect.objectContaining({ type: "text", text: "hi" })],
    });
    expect(usage).toMatchObject({ input_tokens: 7, output_tokens: 3 });
  });

  test("of OpenAI's is answered by who speaks Anthropic's", async () => {
    const { model } = await gateway.provider(json(message), { format: ["anthropic-messages"] });
    const reply = await gateway.chat(model);
    const { choices } = (await reply.json()) as { choices: { message: { content: string } }[] };
    expect(choices[0]?.message.content).toBe("hi");
  });

  test("streams, too", async () => {
    const { model } = await gateway.provider(events(pieces("a", "b")));
    const body = {
      model,
      max_tokens: 9,
      stream: true,
      messages: [{ role: "user", content: "hi" }],
    };
    const text = await (await gateway.post("/v1/messages", body)).text();
    expect([...text.matchAll(/"text_delta","text":"(\w)"/g)].map(([, letter]) => letter)).toEqual([
      "a",
      "b",
    ]);
    expect(text).toContain("event: message_stop");
  });

  test("gets the provider's errors in its own words", async () => {
    const error = { error: { message: "max_tokens is too large", type: "invalid_request_error" } };
    const { model } = await gateway.provider(json(error, 400));
    const body = { model, max_tokens: 9, messages: [{ role: "user", content: "hi" }] };
    const reply = await gateway.post("/v1/messages", body);
    expect(reply.status).toBe(400);
    expect(await reply.json()).toMatchObject({
      type: "error",
      error: { type: "invalid_request_error", message: expect.stringContaining("too large") },
    });
  });
});

describe("what a client can ask", () => {
  test("is listed for OpenAI's and for Anthropic's", async () => {
    const { id, model } = await gateway.provider(json(completion("hi")));
    const listOf = async (path: string) =>
      (await (await gateway.fetch(path)).json()) as { data: unknown[] };
    const openAi = await listOf("/v1/models");
    expect(openAi.data).toContainEqual(
      expect.objectContaining({ id: `${id}/${model}`, object: "model" }),
    );
    const anthropic = await listOf("/anthropic/v1/models");
    expect(anthropic.data).toContainEqual(
      expect.objectContaining({ id: `${id}/${model}`, type: "model" }),
    );
    expect((await gateway.fetch(`/v1/models/${id}/${model}`)).status).toBe(200);
    expect((await gateway.fetch("/v1/models/nobody/nothing")).status).toBe(404);
  });

  test("whether it is there, without a token", async () => {
    const reply = await fetch(`${gateway.url}/health`);
    expect(await reply.json()).toMatchObject({ ok: true });
  });
});

describe("who looks after it", () => {
  test("tries a provider", async () => {
    const { id, upstream, keys } = await gateway.provider(json(completion("OK.")), { keys: 1 });
    const said = await gateway.daemon.call("POST", "/v1/gateway/test", { target: id });
    expect(said).toMatchObject({ provider: id, key: "k0", reply: "OK.", inputTokens: 7 });
    upstream.behave(json({ error: { message: `bad key ${keys[0]}` } }, 401));
    const failed = gateway.daemon.call("POST", "/v1/gateway/test", { target: id });
    await expect(failed).rejects.toMatchObject({
      code: "action_failed",
      message: expect.stringContaining("bad key [key]"),
    });
    await upstream[Symbol.asyncDispose]();
    const gone = gateway.daemon.call("POST", "/v1/gateway/test", { target: id });
    await expect(gone).rejects.toMatchObject({
      message: expect.stringContaining("nothing listens"),
    });
    const nobody = gateway.daemon.call("POST", "/v1/gateway/test", { target: "nobody" });
    await expect(nobody).rejects.toMatchObject({ code: "not_found" });
  });

  test("tries a provider that speaks Responses only", async () => {
    const content = [{ type: "output_text", text: "OK." }];
    const output = [{ type: "message", role: "assistant", content }];
    const usage = { input_tokens: 7, output_tokens: 3 };
    const made = { id: "r1", object: "response", status: "completed", output, usage };
    const { id } = await gateway.provider(json(made), { format: ["openai-responses"] });
    const said = await gateway.daemon.call("POST", "/v1/gateway/test", { target: id });
    expect(said).toMatchObject({ provider: id, reply: "OK.", outputTokens: 3 });
  });

  test("sees who asked for what, and never what it said", async () => {
    const { id, model } = await gateway.provider(json(completion("an answer in confidence")));
    await gateway.chat(model, { messages: [{ role: "user", content: "asked in confidence" }] });
    const last = (await gateway.requests()).at(-1);
    expect(last).toMatchObject({
      caller: { kind: "token", name: "models" },
      asked: model,
      provider: id,
      status: 200,
      attempts: 1,
      prompt: null,
    });
    const log = await Bun.file(`${gateway.daemon.home}/daemon.log`).text();
    expect(JSON.stringify(await gateway.requests()) + log).not.toContain("in confidence");
  });
});

test("what was asked is kept when the configuration says so, and only for the log's readers", async () => {
  await using told = await TestGateway.start({ logPrompts: true });
  const { model } = await told.provider(json(completion("an answer in confidence")));
  await told.chat(model, { messages: [{ role: "user", content: "asked in confidence" }] });
  const last = (await told.requests()).at(-1);
  expect(last?.prompt).toContain("asked in confidence");
  expect(last?.prompt).not.toContain("an answer");
  const log = await Bun.file(`${told.daemon.home}/daemon.log`).text();
  expect(log).not.toContain("in confidence");
});

describe("a gateway that is disabled", () => {
  test("listens nowhere, and says so", async () => {
    await using disabled = await TestGateway.start({ enabled: false });
    expect(disabled.url).toBe("");
    const { daemon } = disabled;
    const status = await daemon.call("GET", "/v1/gateway");
    expect(status).toEqual({ enabled: false, url: null, open: 0, providers: [] });
    const logs = daemon.call("GET", "/v1/gateway/requests");
    await expect(logs).rejects.toMatchObject({ code: "conflict" });
  });
});
