import { BadRequest } from "../errors.ts";
import { isObject, type Json, type JsonObject, objectOf, textOf } from "../json.ts";

/** The content of a Chat message as blocks; empty texts, which Messages refuses, left out. */
export function blocksOf(content: Json | undefined, param: string): JsonObject[] {
  if (content === null || content === undefined) return [];
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", text: content }];
  if (!Array.isArray(content)) {
    throw new BadRequest("content must be a string or a list of parts", param);
  }
  return content.flatMap((part, index) => {
    const block = blockOf(objectOf(part), `${param}[${index}]`);
    return block ? [cached(block, objectOf(part))] : [];
  });
}

function blockOf(part: JsonObject, param: string): JsonObject | null {
  switch (part.type) {
    case "text":
      return part.text === "" ? null : { type: "text", text: textOf(part.text) };
    case "refusal":
      return part.refusal ? { type: "text", text: textOf(part.refusal) } : null;
    case "image_url":
      return { type: "image", source: sourceOf(textOf(objectOf(part.image_url).url), param) };
    case "file":
      return documentOf(objectOf(part.file), param);
    default:
      throw new BadRequest(`this provider takes no ${textOf(part.type) || "such"} parts`, param);
  }
}

function documentOf(file: JsonObject, param: string): JsonObject {
  if (typeof file.file_data !== "string") {
    throw new BadRequest(
      "a file goes to this provider only with its content in the request",
      param,
    );
  }
  const data = file.file_data;
  const source = sourceOf(
    data.startsWith("data:") ? data : `data:application/pdf;base64,${data}`,
    param,
  );
  const title = textOf(file.filename);
  return { type: "document", source, ...(title ? { title } : {}) };
}

/** `data:` URLs (RFC 2397) in base64, and addresses. */
function sourceOf(url: string, param: string): JsonObject {
  if (/^https?:/i.test(url)) return { type: "url", url };
  const [head = "", data] = split(url, ",");
  const [type = "", ...flags] = head.slice("data:".length).split(";");
  if (!head.startsWith("data:") || data === undefined || !flags.includes("base64")) {
    throw new BadRequest("must be an http(s) address or a data: URL in base64", param);
  }
  return { type: "base64", media_type: type, data };
}

function split(text: string, at: string): [string, string | undefined] {
  const index = text.indexOf(at);
  return index < 0 ? [text, undefined] : [text.slice(0, index), text.slice(index + 1)];
}

/** OpenAI's mark of what to cache, and the one that other gateways have. */
function cached(block: JsonObject, part: JsonObject): JsonObject {
  if (isObject(part.cache_control)) return { ...block, cache_control: part.cache_control };
  if (!isObject(part.prompt_cache_breakpoint)) return block;
  return { ...block, cache_control: { type: "ephemeral" } };
}
