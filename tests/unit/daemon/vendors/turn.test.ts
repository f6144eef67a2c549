import { expect, test } from "bun:test";
import { Editor } from "../../../../daemon/vendors/anthropic/editor.ts";
import { TextFiles } from "../../../../daemon/vendors/anthropic/text-files.ts";
import { type AnthropicParts, AnthropicTurns } from "../../../../daemon/vendors/anthropic/turn.ts";
import type { ExecOutput } from "../../../../src/contract/exec.ts";

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
  const options = { picture: true, conversation: "c", bashTimeoutMs: 1000, maxCharacters: 2e6 };
  const { signal } = new AbortController();
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
