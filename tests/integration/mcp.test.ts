import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Client } from "@modelcontextprotocol/client";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import type { Output } from "../../src/contract/index.ts";
import { TestDaemon } from "../support/daemon.ts";
import {
  call,
  inspect,
  overHttp,
  overStdio,
  stdioCommand,
  textOf,
} from "../support/mcp-clients.ts";

const name = "mcp";

let daemon: TestDaemon;
beforeAll(async () => {
  daemon = await TestDaemon.start();
  await daemon.newSession({ name, workspace: null });
});
afterAll(() => daemon[Symbol.asyncDispose]());

describe.each([
  ["HTTP", () => overHttp(daemon, `session=${name}`, "auto")],
  ["HTTP, revision 2025-11-25", () => overHttp(daemon, `session=${name}`)],
  ["stdio", () => overStdio(daemon, "legacy", "-s", name)],
])("over %s", (_, connect) => {
  let client: Client;
  beforeAll(async () => {
    client = await connect();
  });
  afterAll(() => client?.close());

  test("a dozen tools cost a model at most 2,000 tokens, and say what they may do", async () => {
    const { tools } = await client.listTools();
    const shown = tools.map(({ name, description, inputSchema }) => {
      return { name, description, inputSchema };
    });
    expect(encode(JSON.stringify(shown)).length).toBeLessThanOrEqual(2000);
    const hints = Object.fromEntries(tools.map((tool) => [tool.name, tool.annotations]));
    expect(hints.screen).toMatchObject({ readOnlyHint: true, destructiveHint: false });
    expect(hints.exec).toMatchObject({ readOnlyHint: false, destructiveHint: true });
    expect(hints.screen?.openWorldHint).toBe(false);
    expect(hints.exec?.openWorldHint).toBe(true);
  });

  test("what is typed is carried out, and the answer has what that has changed on the screen", async () => {
    const answer = await call(client, "type", {
      text: "echo t''yped",
      enter: true,
      wait: "prompt",
    });
    expect(answer.isError).toBeFalsy();
    expect(textOf(answer)).toMatch(/^prompt after .*, exit status 0 of echo t''yped$/m);
    expect(textOf(answer)).toMatch(/^typed$/m);
  });

  test("a picture comes as a picture, with the text beside it", async () => {
    const { content } = await call(client, "screen", { image: true });
    const picture = content.find(({ type }) => type === "image");
    expect(picture?.mimeType).toBe("image/png");
    expect(
      Buffer.from(picture?.data ?? "", "base64")
        .subarray(1, 4)
        .toString(),
    ).toBe("PNG");
    expect(content[0]?.text).toMatch(/\$[\s\S]*picture of 1024x768/);
  });

  test("a command's output and exit code are told", async () => {
    const answer = await call(client, "exec", { command: "echo out; exit 3" });
    expect(textOf(answer)).toBe("out\nexit status 3");
  });

  test("what cannot be done is an answer that says why, and what to do", async () => {
    const wrong = await call(client, "key", { keys: ["NoSuchKey"] });
    expect(wrong.isError).toBe(true);
    expect(textOf(wrong)).toMatch(/^usage: .*NoSuchKey/);
    expect(textOf(await call(client, "wait", { for: "nothing" }))).toContain("text=REGEX");
    expect(textOf(await call(client, "nonsense"))).toContain("there is no tool");
    expect(textOf(await call(client, "exec", { command: "true", what: 1 }))).toContain("what");
  });

  test("a long call tells of its progress, and is cancelled in the workstation when it is cancelled", async () => {
    const over = new AbortController();
    const progress = Promise.withResolvers<unknown>();
    const seconds = 40_000 + Math.floor(Math.random() * 10_000);
    const running = call(
      client,
      "exec",
      { command: `exec sleep ${seconds}` },
      { signal: over.signal, onprogress: progress.resolve },
    );
    const pids = async () => {
      const command = `pgrep -fx 'sleep ${seconds}' | wc -l`;
      return Number.parseInt(textOf(await call(client, "exec", { command })), 10);
    };
    while ((await pids()) !== 1) await Bun.sleep(20);
    expect(await progress.promise).toMatchObject({ message: expect.stringContaining("so far") });
    over.abort();
    await expect(running).rejects.toThrow();
    while ((await pids()) !== 0) await Bun.sleep(20);
  });
});

test("all operations are tools when they are asked for, each with its own session", async () => {
  await using client = {
    it: await overHttp(daemon, "tools=all"),
    [Symbol.asyncDispose]() {
      return this.it.close();
    },
  };
  const { tools } = await client.it.listTools();
  expect(tools.length).toBeGreaterThan(60);
  expect(tools.map((tool) => tool.name)).toContain("session_ls");
  const listed = await call(client.it, "session_ls");
  expect(JSON.stringify(listed.structuredContent)).toContain(name);
  expect(await call(client.it, "session_show", { session: name })).toMatchObject({
    structuredContent: { name },
  });
  // The client checks each answer against it, and wants data in each.
  const described = tools.filter(({ outputSchema }) => outputSchema).map((tool) => tool.name);
  expect(described).toContain("session_show");
  expect(described).not.toContain("screen");
  for (const [tool, given] of [
    ["windows", {}],
    ["wait", { ready: true }],
    ["exec", { command: ["true"] }],
    ["screen", { refs: true }],
  ] as const) {
    expect((await call(client.it, tool, { session: name, ...given })).isError).toBeFalsy();
  }
  for (const tool of ["events", "doctor", "audit", "token_ls"]) {
    expect((await call(client.it, tool)).isError).toBeFalsy();
  }
});

test("a token's scope and sessions count here too, and without one nobody gets in", async () => {
  const other = await daemon.newSession({ name: "other", workspace: null });
  const fields = { name: "looks", scope: "read", sessions: [name] };
  const { token } = await daemon.call<Output<"token.new">>("POST", "/v1/tokens", fields);
  const client = await overHttp(daemon, "tools=all", "legacy", token);
  expect((await call(client, "screen", { session: name })).isError).toBeFalsy();
  const typed = await call(client, "type", { session: name, text: "x" });
  expect(typed).toMatchObject({
    isError: true,
    structuredContent: { error: { code: "forbidden" } },
  });
  const unseen = await call(client, "screen", { session: other.name });
  expect(unseen).toMatchObject({ structuredContent: { error: { code: "session_not_found" } } });
  await client.close();
  await expect(overHttp(daemon, "", "legacy", "wrong")).rejects.toThrow();
  const url = new URL("/mcp", daemon.url);
  const post = (headers: Record<string, string>) =>
    fetch(url, {
      method: "POST",
      headers: { authorization: `Bearer ${daemon.token}`, ...headers },
      body: "{}",
    });
  expect((await post({ origin: "https://evil.example" })).status).toBe(403);
  expect((await post({ host: "evil.example" })).status).toBe(403);
});

describe.each([
  ["HTTP", () => inspectHttp()],
  ["stdio", () => inspectStdio()],
])("the MCP Inspector's command line over %s", (_, server) => {
  test("lists the tools and the screens, and calls a tool", async () => {
    const [{ tools }, { resources }, called] = await Promise.all([
      inspect(daemon, server(), "tools/list"),
      inspect(daemon, server(), "resources/list"),
      inspect(
        daemon,
        server(),
        "tools/call",
        "--tool-name",
        "exec",
        "--tool-arg",
        "command=echo seen",
      ),
    ]);
    expect(tools).toContainEqual(expect.objectContaining({ name: "screen" }));
    expect(resources).toContainEqual(expect.objectContaining({ name }));
    expect(called.content).toEqual([{ type: "text", text: "seen\nexit status 0" }]);
  });
});

function inspectHttp(): string[] {
  const header = `Authorization: Bearer ${daemon.token}`;
  return [`${daemon.url}/mcp?session=${name}`, "--transport", "http", "--header", header];
}

function inspectStdio(): string[] {
  const { command, args } = stdioCommand("-s", name);
  return ["-e", `NEXORA_HOME=${daemon.home}`, command, ...args];
}
