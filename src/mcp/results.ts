import { asNexoraError, type NexoraError } from "../contract/errors.ts";
import type { Output } from "../contract/index.ts";
import type { ScreenOutput } from "../contract/screen.ts";
import { rowsText } from "../words/screen.ts";
import { wordsOf } from "./words.ts";

type Json = Record<string, unknown>;
type Content = { type: "text"; text: string } | { type: "image"; data: string; mimeType: string };

/** What `tools/call` answers (MCP 2026-07-28, "CallToolResult"). */
export interface ToolResult {
  [key: string]: unknown;
  content: Content[];
  structuredContent?: Json;
  isError?: boolean;
}

/** Rows of the screen that the model is shown after a wait in vain, the last ones. */
const shownRows = 20;

/**
 * A reply in words, and its pictures. With `structured` it is there as data as well, unless it has pictures: a client
 * that finds data shows its model nothing else (Claude Code, VS Code).
 */
export function resultOf(operation: string, reply: unknown, structured: boolean): ToolResult {
  const pictures: Content[] = [];
  const plain = withoutPictures(reply, pictures);
  const data = isJson(plain) ? plain : {};
  const text = wordsOf(operation, data) ?? JSON.stringify(said(data));
  return {
    content: [{ type: "text", text: text === "" ? "done" : text }, ...pictures],
    ...(structured && pictures.length === 0 ? { structuredContent: data } : {}),
  };
}

/** An error as the model is to read it: what failed, why, what to do next, and what is on the screen instead. */
export function failureOf(thrown: unknown, structured: boolean): ToolResult {
  const error = asNexoraError(thrown);
  const data = structured ? { structuredContent: { error: error.toJSON() } } : {};
  return { content: [{ type: "text", text: errorText(error) }], ...data, isError: true };
}

export function errorText({ code, message, hint, details }: NexoraError): string {
  const rows = details?.screen;
  const shown = Array.isArray(rows) ? rowsText(rows.slice(-shownRows).map(String)) : "";
  const said = `${code}: ${message}`;
  const parts = [stepsOf(details), said, hint ?? "", shown && `on the screen:\n${shown}`];
  return parts.filter((part) => part !== "").join("\n");
}

/** The steps of a list whose wait or look at the end has failed: who does not know of them does them again. */
function stepsOf(details: Json = {}): string {
  const { results, failed = null } = details;
  if (!Array.isArray(results)) return "";
  const list = { results: withoutPictures(results, []), failed };
  return wordsOf("batch", { ...list, waited: null, settled: null, screen: null }) ?? "";
}

/** The reply as data, its pictures as content beside it. */
function withoutPictures(value: unknown, pictures: Content[]): unknown {
  if (Array.isArray(value)) return value.map((each) => withoutPictures(each, pictures));
  if (!isJson(value)) return value;
  if (typeof value.toJSON === "function") return withoutPictures(value.toJSON(), pictures);
  if (isPicture(value)) {
    const { base64, ...facts } = value;
    const mimeType = "format" in value ? `image/${value.format}` : value.type;
    pictures.push({ type: "image", data: base64, mimeType });
    return facts;
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, withoutPictures(inner, pictures)]),
  );
}

/** Without what says nothing. */
function said(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(said);
  if (!isJson(value)) return value;
  const kept = Object.entries(value).filter(([, inner]) => inner !== null && inner !== undefined);
  return Object.fromEntries(kept.map(([name, inner]) => [name, said(inner)]));
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

type Picture = NonNullable<ScreenOutput["image"]> | NonNullable<Output<"clip.get">["picture"]>;

/** A picture of the desktop or of a page, or what was copied. */
function isPicture(value: Json): value is Json & Picture {
  const { base64, format, type } = value;
  const isImage = typeof type === "string" && /^image\/[\w.+-]+$/.test(type);
  return typeof base64 === "string" && (typeof format === "string" || isImage);
}
