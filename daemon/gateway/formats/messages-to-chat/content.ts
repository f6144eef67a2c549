import { BadRequest } from "../errors.ts";
import { type Json, type JsonObject, objectOf, objectsOf, textOf } from "../json.ts";

/** What stands between texts that were blocks of their own. */
export const gap = "\n\n";

/** A block of a user's content as parts of a Chat message. */
export function partsOf(block: JsonObject, param: string): JsonObject[] {
  switch (block.type) {
    case "text":
      return block.text === "" ? [] : [textPart(textOf(block.text))];
    case "image":
      return [imagePart(objectOf(block.source), `${param}.source`)];
    case "document":
      return documentParts(block, param);
    case "search_result": {
      const lines = [
        block.title,
        block.source,
        ...objectsOf(block.content).map(({ text }) => text),
      ];
      return [textPart(lines.map(textOf).filter(Boolean).join("\n"))];
    }
    default:
      throw new BadRequest(`this provider has no ${textOf(block.type) || "such"} blocks`, param);
  }
}

export function textPart(text: string): JsonObject {
  return { type: "text", text };
}

function imagePart(source: JsonObject, param: string): JsonObject {
  switch (source.type) {
    case "base64":
      return { type: "image_url", image_url: { url: dataUrl(source) } };
    case "url":
      return { type: "image_url", image_url: { url: textOf(source.url) } };
    default:
      throw new BadRequest("a picture in Anthropic's file store cannot go to this provider", param);
  }
}

function documentParts(block: JsonObject, param: string): JsonObject[] {
  const source = objectOf(block.source);
  const title = textOf(block.title);
  const head = [title, textOf(block.context)].filter(Boolean).map(textPart);
  switch (source.type) {
    case "text":
      return [...head, textPart(textOf(source.data))];
    case "content":
      return typeof source.content === "string"
        ? [...head, textPart(source.content)]
        : [...head, ...objectsOf(source.content).flatMap((inner) => partsOf(inner, param))];
    case "base64": {
      const file = { filename: title || "document.pdf", file_data: dataUrl(source) };
      return [{ type: "file", file }];
    }
    default:
      throw new BadRequest(
        "a document goes to this provider only with its content in the request",
        `${param}.source`,
      );
  }
}

function dataUrl({ media_type, data }: JsonObject): string {
  return `data:${textOf(media_type)};base64,${textOf(data)}`;
}

/** Parts as the content of a message: a string where there is only text, which all servers take. */
export function contentOf(parts: JsonObject[]): Json {
  if (parts.some(({ type }) => type !== "text")) return parts;
  return parts.map(({ text }) => textOf(text)).join(gap);
}
