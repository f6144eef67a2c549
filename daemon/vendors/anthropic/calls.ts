import { NexoraError } from "../../../src/contract/errors.ts";
import type { ToolResult } from "../../../src/contract/vendors.ts";

/** A call of one of the tools that we carry out, as the model wrote it. */
export interface Call {
  id: string;
  tool: "computer" | "bash" | "editor";
  /** Of a computer: the member, or what `action` says. */
  action: unknown;
  input: unknown;
  /** It belongs to a toolset, which its result must say. */
  toolset: boolean;
}

const editors = ["str_replace_based_edit_tool", "str_replace_editor"];

/**
 * The calls in an assistant message's content: ours, and the ids of the others. Throws `usage` for one
 * without an id, which nobody can answer.
 */
export function callsOf(content: readonly Record<string, unknown>[]): {
  calls: Call[];
  left: string[];
} {
  const calls: Call[] = [];
  const left: string[] = [];
  for (const [at, block] of content.entries()) {
    if (block.type !== "tool_use") continue;
    const { id, name, input, toolset_name: toolset } = block;
    if (typeof id !== "string" || id === "" || typeof name !== "string") {
      throw new NexoraError("usage", `content.${at}: a tool_use has an id and a name`);
    }
    const shared = { id, input, toolset: toolset === "computer" };
    const isPlain = toolset === undefined || toolset === null;
    if (shared.toolset) calls.push({ ...shared, tool: "computer", action: name });
    else if (isPlain && name === "computer") {
      calls.push({ ...shared, tool: "computer", action: fieldOf(input, "action") });
    } else if (isPlain && name === "bash") calls.push({ ...shared, tool: "bash", action: null });
    else if (isPlain && editors.includes(name)) {
      calls.push({ ...shared, tool: "editor", action: fieldOf(input, "command") });
    } else left.push(id);
  }
  return { calls, left };
}

/** The result of a call in the shape that the API takes; with an error it may hold text only. */
export function resultOf(
  { id, toolset }: Call,
  content: ToolResult["content"],
  failed = false,
): ToolResult {
  return {
    type: "tool_result",
    tool_use_id: id,
    ...(toolset ? { toolset_name: "computer" as const } : {}),
    content,
    ...(failed ? { is_error: true as const } : {}),
  };
}

function fieldOf(input: unknown, name: string): unknown {
  if (typeof input !== "object" || input === null) return undefined;
  return Object.entries(input).find(([key]) => key === name)?.[1];
}
