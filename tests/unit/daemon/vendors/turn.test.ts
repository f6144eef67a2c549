import { expect, test } from "bun:test";
import { Turns } from "../../../../daemon/turns.ts";
import { Editor } from "../../../../daemon/vendors/anthropic/editor.ts";
import { TextFiles } from "../../../../daemon/vendors/anthropic/text-files.ts";
import { type AnthropicParts, AnthropicTurns } from "../../../../daemon/vendors/anthropic/turn.ts";
import type { ExecOutput } from "../../../../src/contract/exec.ts";

const options = { picture: true, conversation: "c", bashTimeoutMs: 1000, maxCharacters: 2e6 };
const { signal } = new AbortController();

test("nobody waits for a command, and all wait for what is done at the desktop", async () => {
  const turns = new Turns();
  const log: string[] = [];
  const begun = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const theirs = begun.promise.then(() => {
    const keys = turns.run("s", () => void log.push("their keys"));
    asked.resolve();
    return keys;
  });
  const list = async () => {
    log.push("position");
    begun.resolve();
    await asked.promise;
    return { windows: [], pointer: { x: 1, y: 1 } };
  };
  const display = { framebuffer: { width: 640, height: 400 }, closed: false };
  const lease = { display, [Symbol.dispose]() {} };
  const run = async () => {
    await theirs;
    log.push("command");
    return { text: "", failed: false };
  };
  const desktop = { displays: { acquire: async () => lease }, windows: { list } };
  const its = { turns, desktop, shells: { run } } as unknown as AnthropicParts;
  const calls = ["computer", "computer", "bash", "computer"];
  const content = calls.map((name, at) => ({
    type: "tool_use",
    id: `toolu_${at}`,
    name,
    input: { action: "cursor_position", command: "make" },
  }));
  const reply = await new AnthropicTurns(its).run(
    "s",
    { session: "s", content, ...options },
    signal,
  );
  expect(reply.content.map(({ is_error }) => is_error)).toEqual(calls.map(() => undefined));
  expect(log).toEqual(["position", "position", "their keys", "command", "position"]);
});

test("once the results are too large, nothing more is carried out", async () => {
  let reads = 0;
  const files = new TextFiles({
    run: async () => {
      reads++;
      return { exitCode: 0, stdoutEncoding: "utf8", stdout: "x".repeat(2_000_000) } as ExecOutput;
    },
  });
  const turns = new AnthropicTurns({ editor: new Editor(files) } as AnthropicParts);
  const input = { command: "view", path: "/workspace/large" };
  const name = "str_replace_based_edit_tool";
  const content = Array.from({ length: 30 }, (_, at) => ({
    type: "tool_use",
    id: `toolu_${at}`,
    name,
    input,
  }));
  const reply = await turns.run("s", { session: "s", content, ...options }, signal);
  expect(reads).toBe(26);
  expect(reply.content.slice(26)).toEqual(
    content.slice(26).map(({ id }) => ({
      type: "tool_result",
      tool_use_id: id,
      content: "Not executed: the results of this turn are too large already.",
      is_error: true,
    })),
  );
  expect(reply.content[25]?.is_error).toBeUndefined();
});
