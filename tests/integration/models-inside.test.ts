import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { ExecOutput } from "../../src/contract/exec.ts";
import type { Session } from "../../src/contract/session.ts";
import { eventOf } from "../support/events.ts";
import { completion, pieces, TestGateway } from "../support/gateway.ts";
import { events, json } from "../support/raw-upstream.ts";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await TestGateway.start();
});
afterAll(() => gateway[Symbol.asyncDispose]());

const open = (name: string, more: object = {}): Promise<Session> =>
  gateway.daemon.newSession({ name, workspace: null, network: "none", ...more });

/** What a line of bash prints inside. */
async function run(session: string, line: string): Promise<string> {
  const path = `/v1/sessions/${session}/exec`;
  const { stdout, stderr } = await gateway.daemon.call<ExecOutput>("POST", path, {
    command: [line],
  });
  return `${stdout}${stderr}`.trim();
}

const chat = (model: string, more = "") =>
  `curl -sS "$OPENAI_BASE_URL/chat/completions" -H "Authorization: Bearer $OPENAI_API_KEY" ${more} \
   -d '{"model":"${model}","messages":[{"role":"user","content":"hi"}]}'`;
const status = (line: string) => `${line} -o /dev/null -w '%{http_code}'`;

describe("a workstation without a network", () => {
  test("reaches models with what is in its environment, and no provider's key", async () => {
    const { model, keys, upstream } = await gateway.provider(json(completion("hello inside")), {
      keys: 1,
    });
    await open("inside");
    const { choices } = JSON.parse(await run("inside", chat(model)));
    expect(choices[0].message.content).toBe("hello inside");
    expect(upstream.requests[0]?.headers.authorization).toBe(`Bearer ${keys[0]}`);
    const environment = await run("inside", "cat /proc/[0-9]*/environ | tr '\\0' '\\n'; env");
    expect(environment).toContain("OPENAI_BASE_URL=http://127.0.0.1:9300/v1");
    expect(environment).toContain("GOOGLE_GEMINI_BASE_URL=http://127.0.0.1:9300");
    expect(environment).not.toContain(keys[0] ?? "");
    await gateway.daemon.call("DELETE", "/v1/sessions/inside");
  });

  test("has answers in OpenAI's words and in Anthropic's, whole and as a stream", async () => {
    const { model, upstream } = await gateway.provider(events(pieces("one ", "two")));
    await open("words");
    const body = `{"model":"${model}","stream":true,"max_tokens":99,"messages":[{"role":"user","content":"hi"}]}`;
    const openai = await run(
      "words",
      `curl -sSN "$OPENAI_BASE_URL/chat/completions" -H "Authorization: Bearer $OPENAI_API_KEY" -d '${body}'`,
    );
    expect(openai).toContain('"content":"one "');
    expect(openai).toEndWith("data: [DONE]");
    const anthropic = `curl -sSN "$ANTHROPIC_BASE_URL/v1/messages" -H "anthropic-version: 2023-06-01" -d '${body}'`;
    const stream = await run(
      "words",
      `${anthropic} -H "Authorization: Bearer $ANTHROPIC_AUTH_TOKEN"`,
    );
    expect(stream).toContain('"text":"one "');
    expect(stream).toContain("event: message_stop");
    upstream.behave(json(completion("whole")));
    const script = `python3 - <<'END'
import json, os, urllib.request
request = urllib.request.Request(os.environ["ANTHROPIC_BASE_URL"] + "/v1/messages",
    json.dumps({"model": "${model}", "max_tokens": 9, "messages": [{"role": "user", "content": "hi"}]}).encode(),
    {"authorization": "Bearer " + os.environ["ANTHROPIC_AUTH_TOKEN"]})
print(json.load(urllib.request.urlopen(request))["content"][0]["text"])
END`;
    expect(await run("words", script)).toBe("whole");
    await gateway.daemon.call("DELETE", "/v1/sessions/words");
  });

  test("is counted with its session, also after the daemon was another one", async () => {
    const { model, id } = await gateway.provider(json(completion("counted")));
    await open("counted");
    await run("counted", chat(model));
    expect(await usageOf("counted")).toMatchObject({ requests: 1 });
    await gateway.restart();
    await eventOf(gateway.daemon, "adopted", "counted");
    // A connection from inside waits some seconds for the next daemon's tunnel.
    const { choices } = JSON.parse(await run("counted", chat(`${id}/${model}`)));
    expect(choices[0].message.content).toBe("counted");
    expect(await usageOf("counted")).toMatchObject({ requests: 2 });
    await gateway.daemon.call("DELETE", "/v1/sessions/counted");
  });

  async function usageOf(session: string): Promise<object | undefined> {
    const { rows } = await gateway.daemon.call<{ rows: { name: string }[] }>(
      "GET",
      "/v1/gateway/usage?by=session",
    );
    return rows.find(({ name }) => name === session);
  }
});

describe("what a session may use", () => {
  test("is what --models names: another model is refused", async () => {
    const { model } = await gateway.provider(json(completion("yes")));
    const { model: other, upstream } = await gateway.provider(json(completion("no")));
    const session = await open("some", { models: [model, "claude-*"] });
    expect(session.models).toEqual([model, "claude-*"]);
    expect(await run("some", chat(model))).toContain("yes");
    expect(await run("some", status(chat(other)))).toBe("403");
    expect(upstream.requests).toEqual([]);
    await gateway.daemon.call("DELETE", "/v1/sessions/some");
  });

  test("is nothing with none: nothing listens, and nothing is in its environment", async () => {
    const session = await open("none", { models: ["none"] });
    expect(session.models).toEqual([]);
    expect(await run("none", "env | grep -cE 'OPENAI|ANTHROPIC|GEMINI'")).toBe("0");
    expect(await run("none", "curl -s http://127.0.0.1:9300/health; echo $?")).toBe("7");
    expect(await run("none", "ls /etc/codex/ 2>&1")).toContain("No such file");
    await gateway.daemon.call("DELETE", "/v1/sessions/none");
    await expect(open("both", { models: ["none", "x"] })).rejects.toMatchObject({ code: "usage" });
  });

  test("ends with the session, is for models only, and needs the token", async () => {
    const { model } = await gateway.provider(json(completion("mine")));
    await open("token");
    const token = await run("token", "echo $OPENAI_API_KEY");
    expect(token).toStartWith("nxs_");
    const headers = { authorization: `Bearer ${token}` };
    const api = await fetch(`${gateway.daemon.url}/v1/sessions`, { headers });
    expect(api.status).toBe(401);
    expect((await gateway.chat(model, {}, { headers })).status).toBe(200);
    expect(await run("token", status("curl -sS http://127.0.0.1:9300/v1/models"))).toBe("401");
    const page = `-H 'Origin: https://example.com'`;
    expect(await run("token", status(chat(model, page)))).toBe("403");
    await gateway.daemon.call("POST", "/v1/sessions/token/stop");
    expect((await gateway.chat(model, {}, { headers })).status).toBe(401);
    await gateway.daemon.call("POST", "/v1/sessions/token/start");
    expect(await run("token", chat(model))).toContain("mine");
    await gateway.daemon.call("DELETE", "/v1/sessions/token");
  });

  test("goes before what --env sets only where that is not the user's own", async () => {
    await open("own", {
      env: { OPENAI_BASE_URL: "http://127.0.0.1:1234/v1", OPENAI_API_KEY: "x" },
    });
    expect(await run("own", "echo $OPENAI_BASE_URL $OPENAI_API_KEY")).toBe(
      "http://127.0.0.1:1234/v1 x",
    );
    expect(await run("own", "echo $ANTHROPIC_BASE_URL")).toBe("http://127.0.0.1:9300");
    const codex = `python3 -c 'import tomllib; it = tomllib.load(open("/etc/codex/config.toml", "rb"));
print(it["model_providers"][it["model_provider"]]["base_url"])'`;
    expect(await run("own", codex)).toBe("http://127.0.0.1:1234/v1");
    await gateway.daemon.call("DELETE", "/v1/sessions/own");
  });
});

describe("keys test", () => {
  test("says what the provider makes of a key, and fails when it does not take it", async () => {
    const { id, upstream } = await gateway.provider(json(completion("OK")), { keys: 2 });
    const call = (name: string) => gateway.daemon.call("POST", `/v1/keys/${id}/test`, { name });
    expect(await call("k1")).toMatchObject({ provider: id, name: "k1", health: "good" });
    expect(upstream.requests[0]?.headers.authorization).toContain(`sk-${id}-1-`);
    upstream.behave(json({ error: { message: "Incorrect API key provided" } }, 401));
    await expect(call("k0")).rejects.toMatchObject({
      code: "action_failed",
      message: expect.stringContaining("Incorrect API key"),
    });
    const { keys } = await gateway.daemon.call<{ keys: { provider: string; health: string }[] }>(
      "GET",
      "/v1/keys",
    );
    const mine = keys.filter(({ provider }) => provider === id).map(({ health }) => health);
    expect(mine).toEqual(["refused", "good"]);
    await expect(gateway.daemon.call("POST", `/v1/keys/${id}/test`)).rejects.toMatchObject({
      code: "conflict",
    });
  });
});
