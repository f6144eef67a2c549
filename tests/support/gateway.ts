import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GatewayRequest, GatewayStatus } from "../../src/contract/gateway-requests.ts";
import { TestDaemon } from "./daemon.ts";
import { type Behaviour, RawUpstream } from "./raw-upstream.ts";

/** A daemon with a gateway, and providers on loopback that a test adds. */
export class TestGateway implements AsyncDisposable {
  private readonly upstreams: RawUpstream[] = [];
  private count = 0;

  private constructor(
    public daemon: TestDaemon,
    public url: string,
    /** Of scope `models`. */
    readonly token: string,
  ) {}

  /** `gateway`: the section of the configuration. */
  static async start(gateway: Record<string, unknown> = {}): Promise<TestGateway> {
    const home = mkdtempSync(join(tmpdir(), "nexora-test-"));
    const section = { port: 0, refresh: { everyMs: 0 }, ...gateway };
    writeFileSync(join(home, "config.json"), JSON.stringify({ gateway: section }));
    const daemon = await TestDaemon.start(home);
    const { url } = await daemon.call<GatewayStatus>("GET", "/v1/gateway");
    const fields = { name: "models", scope: "models" };
    const { token } = await daemon.call<{ token: string }>("POST", "/v1/tokens", fields);
    return new TestGateway(daemon, url ?? "", token);
  }

  /** Another daemon on the same home. */
  async restart(): Promise<void> {
    await this.daemon.end();
    this.daemon = await TestDaemon.start(this.daemon.home);
    this.url = (await this.daemon.call<GatewayStatus>("GET", "/v1/gateway")).url ?? "";
  }

  /** Another name for each model, so that tests do not see each other's providers. */
  name(): string {
    return `m-${++this.count}`;
  }

  /** A provider of one model, with so many keys. */
  async provider(
    behaviour: Behaviour,
    { model = this.name(), format = ["openai-chat"], keys = 0 } = {},
  ): Promise<{ id: string; model: string; upstream: RawUpstream; keys: string[] }> {
    const upstream = await RawUpstream.start(behaviour);
    this.upstreams.push(upstream);
    const id = `p-${++this.count}`;
    const fields = { id, url: `${upstream.url}/v1`, format, model: [model], keyless: keys === 0 };
    await this.daemon.call("POST", "/v1/gateway/providers", fields);
    const secrets = Array.from({ length: keys }, (_, at) => `sk-${id}-${at}-0123456789abcdef`);
    for (const [at, key] of secrets.entries()) {
      await this.daemon.call("POST", "/v1/keys", { provider: id, name: `k${at}`, key });
    }
    return { id, model, upstream, keys: secrets };
  }

  /** A request of a client, with its token. */
  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (!headers.has("authorization")) headers.set("authorization", `Bearer ${this.token}`);
    return fetch(this.url + path, { timeout: false, ...init, headers });
  }

  post(path: string, body: unknown, init: RequestInit = {}): Promise<Response> {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    return this.fetch(path, { method: "POST", body: text, ...init });
  }

  chat(
    model: string,
    more: Record<string, unknown> = {},
    init: RequestInit = {},
  ): Promise<Response> {
    const messages = [{ role: "user", content: "hello" }];
    return this.post("/v1/chat/completions", { model, messages, ...more }, init);
  }

  async status(provider: string): Promise<GatewayStatus["providers"]> {
    const { providers } = await this.daemon.call<GatewayStatus>("GET", "/v1/gateway");
    return providers.filter((each) => each.provider === provider);
  }

  async requests(): Promise<GatewayRequest[]> {
    const path = "/v1/gateway/requests";
    const reply = await this.daemon.call<{ requests: GatewayRequest[] }>("GET", path);
    return reply.requests;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.daemon[Symbol.asyncDispose]();
    for (const upstream of this.upstreams) await upstream[Symbol.asyncDispose]();
  }
}

/** A chat completion. */
export function completion(content: string): Record<string, unknown> {
  return {
    id: "c1",
    object: "chat.completion",
    created: 1,
    model: "upstream-model",
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
    usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
  };
}

/** Events of a chat completion's stream: the role, a piece for each text, the end, the usage. */
export function pieces(...texts: string[]): string[] {
  const event = (delta: unknown, finish: string | null = null) =>
    data({
      id: "c1",
      object: "chat.completion.chunk",
      created: 1,
      model: "upstream-model",
      choices: [{ index: 0, delta, finish_reason: finish }],
    });
  const usage = {
    id: "c1",
    object: "chat.completion.chunk",
    created: 1,
    model: "upstream-model",
    choices: [],
    usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
  };
  return [
    event({ role: "assistant", content: "" }),
    ...texts.map((content) => event({ content })),
    event({}, "stop"),
    data(usage),
    "data: [DONE]\n\n",
  ];
}

export function data(value: unknown): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}
