import { describe, expect, test } from "bun:test";
import { COMPUTER_MEMBER_NAME_VALUES } from "@anthropic-ai/sdk/resources/messages";
import { callsOf, resultOf } from "../../../../daemon/vendors/anthropic/calls.ts";
import { computerMembers, readComputer } from "../../../../daemon/vendors/anthropic/computer.ts";
import { anthropicTools } from "../../../../daemon/vendors/anthropic/tools.ts";
import { readOpenAiAction } from "../../../../daemon/vendors/openai/actions.ts";
import * as openAiCalls from "../../../../daemon/vendors/openai/calls.ts";
import { openaiTools } from "../../../../daemon/vendors/openai/tools.ts";
import * as anthropic from "../../../fixtures/vendors/anthropic.ts";
import * as openai from "../../../fixtures/vendors/openai.ts";

const desktop = { width: 1024, height: 768 };

describe("Anthropic's actions", () => {
  test.each(anthropic.members)("%j", (block, action) => {
    const { calls, left } = callsOf([{ ...block }]);
    expect(left).toEqual([]);
    expect(calls).toMatchObject([{ id: "toolu_01", tool: "computer", toolset: true }]);
    expect(readComputer(calls[0]?.action, calls[0]?.input)).toEqual(action);
  });

  test.each(anthropic.earlier)("of an earlier tool: %j", (block, action) => {
    const { calls } = callsOf([{ ...block }]);
    expect(calls).toMatchObject([{ tool: "computer", toolset: false }]);
    expect(readComputer(calls[0]?.action, calls[0]?.input)).toEqual(action);
  });

  test("are all that the SDK knows, and no others", () => {
    expect([...computerMembers].sort()).toEqual([...COMPUTER_MEMBER_NAME_VALUES].sort());
    const shown = anthropic.members.map(([{ name }]) => name);
    expect(COMPUTER_MEMBER_NAME_VALUES.filter((name) => !shown.includes(name))).toEqual([]);
  });

  test.each(anthropic.illFormed)("%s with %j is refused", (name, input, says) => {
    expect(() => readComputer(name, input)).toThrow(says);
  });

  test("a result names its toolset when the call did", () => {
    const { calls, left } = callsOf(anthropic.halted.content.map((each) => ({ ...each })));
    expect(left).toEqual(anthropic.halted.left);
    expect(calls.map((call) => resultOf(call, "x").toolset_name)).toEqual([
      "computer",
      "computer",
      "computer",
      undefined,
    ]);
  });

  test("a call that nobody could answer is the caller's mistake", () => {
    expect(() => callsOf([{ type: "tool_use", name: "bash", input: {} }])).toThrow("content.0");
  });

  test("a browser's toolset is left to others", () => {
    const block = { type: "tool_use", id: "b", name: "screenshot", toolset_name: "browser" };
    expect(callsOf([block])).toEqual({ calls: [], left: ["b"] });
  });
});

describe("OpenAI's actions", () => {
  test.each(openai.actions)("%j", (written, action) => {
    expect(readOpenAiAction(written)).toEqual(action);
  });

  test.each(openai.illFormed)("%j is refused", (written, says) => {
    expect(() => readOpenAiAction(written)).toThrow(says);
  });

  test("come singly or as a list, and with checks", () => {
    const other = { type: "function_call", call_id: "f", name: "weather", arguments: "{}" };
    const { calls, left } = openAiCalls.callsOf([openai.guarded, other, openai.failing]);
    expect(left).toEqual(["f"]);
    expect(calls).toEqual([
      {
        id: "call_3",
        actions: [openai.guarded.action],
        checks: openai.guarded.pending_safety_checks,
      },
      { id: "call_2", actions: openai.failing.actions, checks: [] },
    ]);
    expect(() => openAiCalls.checkAgreed(calls, [])).toThrow("cu_sc_1 (Look twice)");
    openAiCalls.checkAgreed(calls, ["cu_sc_1"]);
  });

  test.each([[[{ code: "malicious" }]], [["cu_sc_1"]], [{ code: "malicious" }]])(
    "a check without an id is not passed over: %j",
    (pending_safety_checks) => {
      const call = { ...openai.failing, pending_safety_checks };
      expect(() => openAiCalls.callsOf([call])).toThrow("output.0");
    },
  );

  test("too many calls are the caller's mistake", () => {
    const calls = (count: number) => Array.from({ length: count }, () => openai.failing);
    expect(openAiCalls.callsOf(calls(20)).calls).toHaveLength(20);
    expect(() => openAiCalls.callsOf(calls(21))).toThrow("more than 20");
  });
});

describe("definitions", () => {
  test("Anthropic's toolset takes no size, and needs no header", () => {
    const { tools, betas, display } = anthropicTools("20260801", desktop);
    expect({ tools, betas, display }).toEqual({
      tools: anthropic.toolset,
      betas: [],
      display: desktop,
    });
  });

  test.each(["20251124", "20250124", "20241022"] as const)("Anthropic's of %s", (version) => {
    const { tools, betas, display } = anthropicTools(version, { width: 1920, height: 1080 });
    expect(tools).toEqual(anthropic.earlierTools[version]);
    const day = `${version.slice(0, 4)}-${version.slice(4, 6)}-${version.slice(6)}`;
    expect(betas).toEqual([`computer-use-${day}`]);
    expect(display).toEqual({ width: 1430, height: 804 });
  });

  test("OpenAI's", () => {
    expect(openaiTools(false, desktop)).toEqual({ tools: openai.computer, display: desktop });
    expect(openaiTools(true, desktop).tools).toEqual(openai.preview);
  });
});
