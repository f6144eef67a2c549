import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Anthropic from "@anthropic-ai/sdk";
import type OpenAI from "openai";
import type { Output } from "../../src/contract/index.ts";
import { TestDaemon } from "../support/daemon.ts";
import { inTurn, json, RawUpstream } from "../support/raw-upstream.ts";

// The loops of docs/agents.md as a reader copies them, with a model that plays from a script.

const project = join(import.meta.dir, "../..");
let daemon: TestDaemon;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "nexora-agents-"));
  symlinkSync(join(project, "node_modules"), join(folder, "node_modules"));
  daemon = await TestDaemon.start();
  await daemon.newSession({ name: "dev", workspace: null });
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await daemon[Symbol.asyncDispose]();
});

/** Runs the loop that imports a package, and gives what it has printed. */
async function run(sdk: string, upstream: RawUpstream): Promise<string> {
  const page = readFileSync(join(project, "docs/agents.md"), "utf8");
  const loops = [...page.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code = ""]) => code);
  const loop = loops.find((code) => code.includes(`from "${sdk}"`)) ?? "";
  expect(loop.split("\n").filter((line) => line !== "").length).toBeLessThanOrEqual(30);
  const file = join(folder, `${sdk.replace(/\W/g, "-")}.ts`);
  writeFileSync(file, loop);
  const fields = { name: sdk.replace(/\W/g, ""), scope: "act", sessions: ["dev"] };
  const { token } = await daemon.call<{ token: string }>("POST", "/v1/tokens", fields);
  const child = Bun.spawn([process.execPath, file, "Write a shopping list", "dev"], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      NEXORA_URL: daemon.url,
      NEXORA_TOKEN: token,
      ANTHROPIC_BASE_URL: upstream.url,
      ANTHROPIC_API_KEY: "none",
      OPENAI_BASE_URL: `${upstream.url}/v1`,
      OPENAI_API_KEY: "none",
    },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 60_000,
  });
  const [out, errors] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  expect(errors).toBe("");
  expect(await child.exited).toBe(0);
  return out;
}

const exec = async (line: string) => {
  const fields = { command: [line] };
  return (await daemon.call<Output<"exec">>("POST", "/v1/sessions/dev/exec", fields)).stdout;
};

test("Anthropic's SDK", async () => {
  const call = (id: string, name: string, input: object, toolset = true) => ({
    ...{ type: "tool_use", id, name, input },
    ...(toolset ? { toolset_name: "computer" } : {}),
  });
  const said = (content: object[], stop_reason: string) =>
    json({
      ...{ id: "msg_1", type: "message", role: "assistant", model: "m", stop_sequence: null },
      ...{ content, stop_reason, usage: { input_tokens: 1, output_tokens: 1 } },
    });
  await using upstream = await RawUpstream.start(
    inTurn(
      said([call("t1", "screenshot", {})], "tool_use"),
      said(
        [
          { type: "text", text: "I write the list." },
          call("t2", "left_click", { coordinate: [400, 300] }),
          call("t3", "type", { text: "echo milk > list.txt; echo writ''ten\n" }),
          call("t4", "wait", { duration: 0.1 }),
        ],
        "tool_use",
      ),
      said(
        [
          call("t5", "bash", { command: "until [ -s list.txt ]; do sleep 0.1; done" }, false),
          call(
            "t6",
            "str_replace_based_edit_tool",
            { command: "insert", path: "list.txt", insert_line: 1, insert_text: "bread\n" },
            false,
          ),
          call("t7", "bash", { command: "cat list.txt" }, false),
        ],
        "tool_use",
      ),
      said([{ type: "text", text: "The list is written." }], "end_turn"),
    ),
  );
  expect(await run("@anthropic-ai/sdk", upstream)).toBe("The list is written.\n");
  expect(await exec("cat list.txt")).toBe("milk\nbread\n");

  const asked = upstream.requests.map(
    ({ body }) => JSON.parse(body) as Anthropic.MessageCreateParams,
  );
  expect(asked).toHaveLength(4);
  expect(asked[0]?.tools).toMatchObject([{ type: "computer_toolset_20260801" }, {}, {}]);
  const results = asked[3]?.messages.filter(({ role }) => role === "user").slice(1) ?? [];
  expect(results.map(({ content }) => content)).toMatchObject([
    [{ tool_use_id: "t1", toolset_name: "computer", content: [{ type: "image" }] }],
    [
      { tool_use_id: "t2", content: [{ text: "OK" }] },
      { tool_use_id: "t3", content: [{ text: "OK" }] },
      { tool_use_id: "t4", content: [{ text: "OK" }, { type: "image" }] },
    ],
    [
      { tool_use_id: "t5", content: "(no output)" },
      { tool_use_id: "t6", content: "Successfully inserted text after line 1." },
      { tool_use_id: "t7", content: "milk\nbread" },
    ],
  ]);
});

test("OpenAI's SDK", async () => {
  const call = (call_id: string, actions: object[]) => ({
    ...{ type: "computer_call", id: `cu_${call_id}`, call_id, status: "completed" },
    ...{ actions, pending_safety_checks: [] },
  });
  const said = (id: string, output: object[]) =>
    json({
      ...{ id, object: "response", created_at: 1, status: "completed", model: "m" },
      ...{ output, error: null, incomplete_details: null },
    });
  const text = { type: "output_text", text: "The list is there.", annotations: [] };
  await using upstream = await RawUpstream.start(
    inTurn(
      said("resp_1", [call("c1", [{ type: "screenshot" }])]),
      said("resp_2", [
        call("c2", [
          { type: "click", button: "left", x: 400, y: 300 },
          { type: "type", text: "this is deleted" },
          { type: "keypress", keys: ["CTRL", "U"] },
          { type: "type", text: "echo a bicycle > wishes.txt" },
          { type: "keypress", keys: ["ENTER"] },
        ]),
      ]),
      said("resp_3", [call("c3", [{ type: "keypress", keys: ["NOSUCHKEY"] }])]),
      said("resp_4", [
        { type: "message", id: "m", role: "assistant", status: "completed", content: [text] },
      ]),
    ),
  );
  expect(await run("openai", upstream)).toBe("The list is there.\n");
  expect(await exec("until [ -s wishes.txt ]; do sleep 0.1; done; cat wishes.txt")).toBe(
    "a bicycle\n",
  );

  const asked = upstream.requests.map(
    ({ body }) => JSON.parse(body) as OpenAI.Responses.ResponseCreateParams,
  );
  expect(asked.map((each) => each.previous_response_id)).toEqual([
    undefined,
    "resp_1",
    "resp_2",
    "resp_3",
  ]);
  expect(asked[0]?.tools).toEqual([{ type: "computer" }]);
  expect(asked[1]?.input).toMatchObject([
    {
      type: "computer_call_output",
      call_id: "c1",
      output: { image_url: expect.stringMatching(/^data:image\/png;base64,/) },
    },
  ]);
  expect(asked[3]?.input).toMatchObject([
    { type: "computer_call_output", call_id: "c3" },
    { role: "user", content: [{ text: expect.stringContaining('no key "NOSUCHKEY"') }] },
  ]);
});
