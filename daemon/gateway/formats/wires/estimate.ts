import { isObject, type Json, type JsonObject } from "../json.ts";

const charactersPerToken = 4;
/** About what a picture of 1568 × 1568 pixels costs at Anthropic; others ask for less. */
const pictureTokens = 1600;
/** A few pages. */
const documentTokens = 6000;
/** Reserved for a request that sets no limit. */
const unlimitedOutput = 4096;

const pictures = new Set(["image", "image_url", "input_image"]);
const documents = new Set(["document", "file", "input_file", "input_audio"]);

/** What a part of a request is, if it is no text. */
function mediumOf(part: JsonObject): "picture" | "document" | null {
  const { type } = part;
  if (typeof type === "string") {
    if (pictures.has(type)) return "picture";
    // A document that is given as text is counted as text.
    const asText = isObject(part.source) && part.source.type !== "base64";
    return documents.has(type) && !asText ? "document" : null;
  }
  const inline = part.inlineData ?? part.inline_data ?? part.fileData ?? part.file_data;
  if (!isObject(inline)) return null;
  const mime = inline.mimeType ?? inline.mime_type;
  return typeof mime === "string" && mime.startsWith("image/") ? "picture" : "document";
}

/** Tokens of the strings in a value, names of fields left out; pictures and documents flat. */
export function estimateTokens(...values: (Json | undefined)[]): number {
  let characters = 0;
  let flat = 0;
  const pending = [...values];
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value === "string") {
      characters += value.length;
    } else if (Array.isArray(value)) {
      for (const item of value) pending.push(item);
    } else if (isObject(value)) {
      const medium = mediumOf(value);
      if (medium) flat += medium === "picture" ? pictureTokens : documentTokens;
      else for (const name in value) pending.push(value[name]);
    }
  }
  return Math.ceil(characters / charactersPerToken) + flat;
}

/** Whether there is a picture anywhere in a value. */
export function hasPicture(...values: (Json | undefined)[]): boolean {
  const pending = [...values];
  while (pending.length > 0) {
    const value = pending.pop();
    if (Array.isArray(value)) {
      for (const item of value) pending.push(item);
    } else if (isObject(value)) {
      if (mediumOf(value) === "picture") return true;
      // What a model called a tool with is data.
      for (const name in value) if (name !== "input") pending.push(value[name]);
    }
  }
  return false;
}

/** The first limit that is a sensible number of tokens. */
export function outputLimit(...limits: (Json | undefined)[]): number {
  const limit = limits.find((value) => typeof value === "number" && value > 0);
  return typeof limit === "number" ? limit : unlimitedOutput;
}

/** Whether a list has something in it. */
export function isFilled(value: Json | undefined): boolean {
  return Array.isArray(value) && value.length > 0;
}
