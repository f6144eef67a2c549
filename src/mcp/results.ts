import { asNexoraError } from "../contract/errors.ts";
import type { ScreenOutput, TextBlock } from "../contract/screen.ts";
import { plainLine } from "../plain-text.ts";

type Json = Record<string, unknown>;
type Content = { type: "text"; text: string } | { type: "image"; data: string; mimeType: string };

/** What `tools/call` answers (MCP 2026-07-28, "CallToolResult"). */
export interface ToolResult {
  [key: string]: unknown;
  content: Content[];
  structuredContent?: Json;
  isError?: boolean;
}

/** Fields with the text of a page, in lines. */
const outlines = new Set(["snapshot", "text"]);

/** A reply: its pictures as pictures, the screen's text as text, and the rest as JSON in one line. */
export function resultOf(reply: Json): ToolResult {
  const pictures: Content[] = [];
  const texts: string[] = [];
  const rest = without(reply, pictures, texts) as Json;
  const facts = JSON.stringify(rest);
  const text = [...texts, ...(facts === "{}" ? [] : [facts])].join("\n");
  return {
    content: [...(text === "" ? [] : [{ type: "text" as const, text }]), ...pictures],
    structuredContent: rest,
  };
}

/** An error as the model is to read it: what failed, why, and what to do next. */
export function failureOf(thrown: unknown): ToolResult {
  const error = asNexoraError(thrown);
  const { code, message, hint } = error;
  const text = `${code}: ${message}${hint ? `\n${hint}` : ""}`;
  return {
    content: [{ type: "text", text }],
    structuredContent: { error: error.toJSON() },
    isError: true,
  };
}

/** The reply without what goes beside it, and without what says nothing. */
function without(value: unknown, pictures: Content[], texts: string[]): unknown {
  if (Array.isArray(value)) return value.map((each) => without(each, pictures, texts));
  if (typeof value !== "object" || value === null) return value;
  if ("toJSON" in value && typeof value.toJSON === "function") {
    return without(value.toJSON(), pictures, texts);
  }
  const kept = Object.entries(value).flatMap(([name, inner]): [string, unknown][] => {
    if (inner === null || inner === undefined) return [];
    if (name === "image" && isPicture(inner)) {
      const { base64, ...facts } = inner;
      pictures.push({ type: "image", data: base64, mimeType: `image/${inner.format}` });
      return [[name, facts]];
    }
    if (name === "text" && isBlocks(inner)) {
      texts.push(blocksText(inner));
      return [];
    }
    if (outlines.has(name) && typeof inner === "string" && inner.includes("\n")) {
      texts.push(inner);
      return [];
    }
    return [[name, without(inner, pictures, texts)]];
  });
  return Object.fromEntries(kept);
}

/** Each window's text, under a heading when there are several. */
function blocksText(blocks: readonly TextBlock[]): string {
  return blocks
    .map(({ window, lines, degraded }) => {
      const heading = blocks.length > 1 ? [`-- window ${window ?? "none"}`] : [];
      const note = degraded ? [`(${degraded})`] : [];
      return [...heading, ...lines.map(plainLine), ...note].join("\n").trimEnd();
    })
    .join("\n");
}

function isPicture(value: unknown): value is NonNullable<ScreenOutput["image"]> {
  return typeof value === "object" && value !== null && "base64" in value && "format" in value;
}

function isBlocks(value: unknown): value is TextBlock[] {
  return Array.isArray(value) && value.every((each) => each && Array.isArray(each.lines));
}
