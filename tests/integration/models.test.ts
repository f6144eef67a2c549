import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { builtIn } from "../../daemon/gateway/providers/built-in.ts";
import { Catalogue } from "../../daemon/gateway/providers/catalogue.ts";
import { Refresh, readKept } from "../../daemon/gateway/providers/refresh.ts";
import type { Output } from "../../src/contract/index.ts";
import { TestDaemon } from "../support/daemon.ts";
import { NexoraCli } from "../support/nexora-cli.ts";

const config = {
  gateway: {
    port: 0,
    routes: {
      cheap: { models: ["openai/gpt-5-mini", "openai/gpt-5", "no-such-model"], maxInputPrice: 1 },
    },
  },
};

let daemon: TestDaemon;
let cli: NexoraCli;

beforeAll(async () => {
  const home = mkdtempSync(join(tmpdir(), "nexora-test-"));
  writeFileSync(join(home, "config.json"), JSON.stringify(config));
  daemon = await TestDaemon.start(home);
  cli = new NexoraCli(daemon, "the Unix socket");
});
afterAll(() => daemon[Symbol.asyncDispose]());

const models = (query: string) =>
  daemon.call<Output<"gateway.models">>("GET", `/v1/gateway/models?${query}`);
const providers = () => daemon.call<Output<"gateway.providers">>("GET", "/v1/gateway/providers");
const add = (body: Record<string, unknown>) =>
  daemon.call<{ file: string }>("POST", "/v1/gateway/providers", body);

/** A body without end. */
function endless() {
  const chunk = Buffer.alloc(4 * 1024 * 1024, " ");
  return new ReadableStream({ pull: (controller) => controller.enqueue(chunk) });
}

describe("models", () => {
  test("of providers without a key are listed when asked for", async () => {
    const without = (await models("")).models.map(({ provider }) => provider);
    expect(without).not.toContain("openai");
    const { models: all, listed } = await models("all=true");
    expect(listed).toMatch(/^20\d\d-\d\d-\d\d$/);
    expect(all.find(({ name }) => name === "openai/gpt-5")).toMatchObject({
      provider: "openai",
      model: "gpt-5",
      tools: true,
      usable: false,
      price: { input: expect.any(Number) },
    });
  });

  test("are found by a part of their name, by provider and by what they can", async () => {
    const found = await models("all=true&query=CLAUDE&provider=anthropic&vision=true&tools=true");
    expect(found.models.length).toBeGreaterThan(3);
    for (const { provider, name, vision, tools } of found.models) {
      expect({ provider, vision, tools }).toEqual({
        provider: "anthropic",
        vision: true,
        tools: true,
      });
      expect(name).toContain("claude");
    }
  });

  test("of a provider that does not exist are an error with its neighbours", async () => {
    await expect(models("provider=opnai")).rejects.toMatchObject({
      code: "not_found",
      hint: "did you mean openai?",
    });
  });
});

describe("models of a program on this machine", () => {
  async function found(answer: () => Response) {
    using server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: answer });
    const { file } = await add({ id: "here", url: `${server.url.href}v1`, keyless: true });
    try {
      return (await models("provider=here")).models;
    } finally {
      await daemon.call("DELETE", "/v1/gateway/providers/here");
      expect(existsSync(file)).toBe(false);
    }
  }

  test("are those that it says it has", async () => {
    const answer = { object: "list", data: [{ id: "qwen3:8b", object: "model" }, { id: "a/b" }] };
    expect(await found(() => Response.json(answer))).toMatchObject([
      { name: "here/qwen3:8b", usable: true, context: null, price: null, formats: ["openai-chat"] },
      { name: "here/a/b" },
    ]);
  });

  test.each<[string, () => Response]>([
    ["answers with something else", () => new Response("<html>")],
    ["answers in another form", () => Response.json({ models: [] })],
    ["refuses", () => new Response("", { status: 401 })],
    ["sends one elsewhere", () => Response.redirect("http://127.0.0.1:9/v1/models")],
    ["never ends", () => new Response(endless())],
  ])("are none when it %s", async (_, answer) => expect(await found(answer)).toEqual([]));
});

describe("routes", () => {
  const routes = (query = "") =>
    daemon.call<Output<"gateway.routes">>("GET", `/v1/gateway/routes${query}`);

  test("show what is tried in which order, and what nobody has", async () => {
    const [cheap, ...others] = (await routes()).routes;
    expect(others).toEqual([]);
    expect(cheap).toMatchObject({
      name: "route/cheap",
      strategy: "cheapest",
      targets: [{ name: "openai/gpt-5-mini", usable: false, firstMs: null }],
      unknown: ["no-such-model"],
    });
  });

  test("are shown for any model, and an unknown one is an error with its neighbours", async () => {
    const { routes: shown } = await routes("?model=gpt-5");
    expect(shown[0]?.targets[0]?.name).toBe("openai/gpt-5");
    await expect(routes("?model=gtp-5-mini")).rejects.toMatchObject({
      code: "not_found",
      hint: expect.stringContaining("gpt-5-mini"),
    });
  });
});

describe("a provider of one's own", () => {
  test("is there at once when it is added, and gone when it is removed", async () => {
    const header = ["X-Team: blue"];
    const { file } = await add({
      id: "acme",
      url: "https://acme.example/v1/",
      model: ["big"],
      header,
    });
    expect(readFileSync(file, "utf8")).toContain("https://acme.example/v1");
    const acme = (await providers()).providers.find(({ id }) => id === "acme");
    expect(acme).toMatchObject({ keyed: true, usable: false, models: 1, anyModel: false, file });
    expect((await models("provider=acme")).models).toMatchObject([
      { name: "acme/big", price: null, context: null },
    ]);
    await expect(add({ id: "acme", url: "https://acme.example" })).rejects.toMatchObject({
      code: "name_taken",
    });
    await daemon.call("DELETE", "/v1/gateway/providers/acme");
    expect(existsSync(file)).toBe(false);
    expect((await providers()).providers.map(({ id }) => id)).not.toContain("acme");
    await expect(daemon.call("DELETE", "/v1/gateway/providers/acme")).rejects.toMatchObject({
      code: "not_found",
    });
  });

  test("can be added and removed on the command line", async () => {
    const url = "http://127.0.0.1:8000/v1";
    const added = await cli.ended("gateway", "provider", "add", "lab", "--url", url, "--keyless");
    expect(added).toMatchObject({ code: 0, stderr: "" });
    const listed = await cli.ended("gateway", "providers");
    expect(listed.stdout).toMatch(
      /^lab +keyless +any +openai-chat +http:\/\/127\.0\.0\.1:8000\/v1/m,
    );
    expect((await cli.ended("gateway", "provider", "rm", "lab")).code).toBe(0);
    expect((await cli.ended("gateway", "provider", "rm", "lab")).code).toBe(4);
    expect((await cli.ended("gateway", "provider", "rm", "lab", "-f")).code).toBe(0);
  });

  test.each([
    ["that sends its key unencrypted", { url: "http://acme.example" }, "url: must be https"],
    ["with a key among its headers", { header: ["Authorization: secret"] }, "POST /v1/keys"],
    ["that is called like the routes", { id: "route" }, "route"],
    ["with a format that does not exist", { format: ["soap"] }, "format"],
  ])("%s is refused", async (_, fields, words) => {
    const body = { id: "bad", url: "https://acme.example", ...fields };
    const error: unknown = await add(body).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "usage", message: expect.stringContaining(words) });
  });

  test("that comes with Nexora cannot be added, but changed by a file, and be had back", async () => {
    await expect(add({ id: "openai", url: "https://acme.example" })).rejects.toMatchObject({
      code: "name_taken",
    });
    const { folder } = await providers();
    const file = join(folder, "openai.yaml");
    writeFileSync(file, "models:\n  - id: gpt-5\n    price: { input: 0.01, output: 0.02 }\n");
    expect((await providers()).providers.find(({ id }) => id === "openai")?.file).toBe(file);
    const price = async () => {
      const found = await models("all=true&provider=openai&query=gpt-5");
      return found.models.find(({ model }) => model === "gpt-5")?.price?.input;
    };
    expect(await price()).toBe(0.01);
    await daemon.call("DELETE", "/v1/gateway/providers/openai");
    expect(await price()).not.toBe(0.01);
  });

  test("whose file is broken is told, and keeps nobody from working", async () => {
    const { folder } = await providers();
    writeFileSync(join(folder, "bad.yaml"), "baseUrl: [");
    writeFileSync(join(folder, "Worse Name.yml"), "baseUrl: https://a.example");
    writeFileSync(join(folder, "wrong.yaml"), "baseUrl: 7");
    const { problems, providers: all } = await providers();
    expect(problems.map(({ file, message }) => [file.slice(folder.length + 1), message])).toEqual([
      ["Worse Name.yml", expect.stringContaining("its name cannot be")],
      ["bad.yaml", expect.stringContaining("not valid YAML")],
      ["wrong.yaml", "baseUrl: must be a string"],
    ]);
    expect(all.length).toBe(23);
    const listed = await cli.ended("gateway", "providers");
    expect(listed.stdout).toContain(`cannot use ${join(folder, "bad.yaml")}`);
    await daemon.call("DELETE", "/v1/gateway/providers/bad");
    for (const name of ["Worse Name.yml", "wrong.yaml"]) rmSync(join(folder, name));
    expect((await providers()).problems).toEqual([]);
  });
});

test("a gateway that is switched off says so, and how to switch it on", async () => {
  const home = mkdtempSync(join(tmpdir(), "nexora-test-"));
  writeFileSync(join(home, "config.json"), '{"gateway":{"enabled":false}}');
  await using off = await TestDaemon.start(home);
  await expect(off.call("GET", "/v1/gateway/models")).rejects.toMatchObject({
    code: "conflict",
    hint: expect.stringContaining("enabled"),
  });
});

describe("newer prices", () => {
  /** An `api.json` in which each model of OpenAI's costs so much. */
  const api = (input: number, count = 3) => ({
    openai: {
      models: Object.fromEntries(
        Array.from({ length: count }, (_, n) => [
          `m${n}`,
          { id: `m${n}`, cost: { input, output: 1 } },
        ]),
      ),
    },
  });
  const current = { date: "2020-01-01", providers: {} };
  const log = { debug() {}, info() {}, warn() {}, error() {} };

  async function refreshed(answer: () => Response, known = current) {
    const folder = mkdtempSync(join(tmpdir(), "nexora-test-"));
    using server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: answer });
    const catalogue = new Catalogue(builtIn, known);
    const file = join(folder, "cache/models.json");
    const parts = { everyMs: 1000, wanted: () => true, ids: ["openai"], log };
    using refresh = new Refresh({
      ...parts,
      url: server.url.href,
      file,
      catalogue,
      current: known,
    });
    try {
      const done = await refresh.run();
      const [target] = catalogue.find("openai/m0");
      return { done, price: target?.model.price?.input, kept: readKept(file) };
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  test("are taken and kept for the next start", async () => {
    const { done, price, kept } = await refreshed(() => Response.json(api(5)));
    expect({ done, price }).toEqual({ done: true, price: 5 });
    expect(kept?.providers.openai?.length).toBe(3);
    expect(kept?.date).toBe(new Date().toISOString().slice(0, 10));
  });

  const known = {
    date: "2020-01-01",
    providers: {
      openai: Array.from({ length: 10 }, (_, n) => ({
        id: `m${n}`,
        context: null,
        maxOutput: null,
        vision: null,
        tools: null,
        price: { input: 1, output: 1, cachedInput: null, cacheWrite: null, tiers: [] },
      })),
    },
  };
  test.each<[string, () => Response]>([
    ["is no JSON", () => new Response("<html>")],
    ["is cut off", () => new Response(JSON.stringify(api(5, 10)).slice(0, -5))],
    ["is an error", () => new Response("{}", { status: 500 })],
    ["has lost most models", () => Response.json(api(5, 4))],
    ["has nothing in it", () => Response.json({})],
    ["never ends", () => new Response(endless())],
  ])("change nothing when the answer %s", async (_, answer) => {
    const { done, price, kept } = await refreshed(answer, known);
    expect({ done, price, kept }).toEqual({ done: false, price: 1, kept: null });
  });

  test("are asked for by a daemon that has a key, and by none that has none", async () => {
    const home = mkdtempSync(join(tmpdir(), "nexora-test-"));
    writeFileSync(join(home, "config.json"), '{"gateway":{"port":0}}');
    let asked = 0;
    using server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch: () => {
        asked++;
        return Response.json(api(5, 2000));
      },
    });
    const env = { NEXORA_MODELS_URL: server.url.href };
    const listed = async (it: TestDaemon) => {
      const path = "/v1/gateway/models?provider=openai";
      return it.call<Output<"gateway.models">>("GET", path);
    };
    const first = await TestDaemon.start(home, env);
    const { listed: released } = await listed(first);
    await first.call("POST", "/v1/keys", { provider: "openai", key: "sk-0123456789abcdef0123" });
    await first.end();
    expect(asked).toBe(0);
    await using second = await TestDaemon.start(home, env);
    const deadline = Date.now() + 20_000;
    while ((await listed(second)).listed === released && Date.now() < deadline) await Bun.sleep(20);
    const { models: newer } = await listed(second);
    expect(newer.length).toBe(2000);
    expect(newer[0]).toMatchObject({ usable: true, price: { input: 5, output: 1 } });
    expect(asked).toBe(1);
  });

  test("are asked for in the background when it is time, and only then", async () => {
    const folder = mkdtempSync(join(tmpdir(), "nexora-test-"));
    let asked = 0;
    const taken = Promise.withResolvers<void>();
    using server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch: () => {
        asked++;
        return Response.json(api(5));
      },
    });
    const catalogue = { relist: () => taken.resolve() };
    const file = join(folder, "models.json");
    const parts = { url: server.url.href, file, catalogue, ids: ["openai"], current, log };
    const start = (everyMs: number, wanted: boolean) => {
      using refresh = new Refresh({ ...parts, everyMs, wanted: () => wanted });
      refresh.start();
      return asked;
    };
    start(0, true);
    start(3600_000, false);
    using refresh = new Refresh({ ...parts, everyMs: 3600_000, wanted: () => true });
    refresh.start();
    await taken.promise;
    start(3600_000, true);
    expect(asked).toBe(1);
    rmSync(folder, { recursive: true });
  });
});
