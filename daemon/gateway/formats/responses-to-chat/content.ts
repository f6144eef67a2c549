import { BadRequest } from "../errors.ts";
import { type Json, type JsonObject, objectsOf, textOf } from "../json.ts";

/** The content of a Responses message, or a tool's output, as parts of Chat. */
export function partsOf(content: Json | undefined, param: string): JsonObject[] {
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", text: content }];
  return objectsOf(content).flatMap((part, index) => partOf(part, `${param}[${index}]`));
}

function partOf(part: JsonObject, param: string): JsonObject[] {
  switch (part.type) {
    case "input_text":
    case "output_text":
      return part.text === "" ? [] : [{ type: "text", text: textOf(part.text) }];
    case "refusal":
      return [{ type: "text", text: textOf(part.refusal) }];
    case "input_image":
      if (typeof part.image_url !== "string") throw stored("picture", param);
      return [{ type: "image_url", image_url: { url: part.image_url } }];
    case "input_file": {
      if (typeof part.file_data !== "string") throw stored("file", param);
      const filename = textOf(part.filename) || "file";
      return [{ type: "file", file: { filename, file_data: part.file_data } }];
    }
    default:
      throw new BadRequest(`this provider takes no ${textOf(part.type) || "such"} parts`, param);
  }
}

function stored(what: string, param: string): BadRequest {
  return new BadRequest(
    `a ${what} goes to this provider only with its content in the request`,
    param,
  );
}

/** A string where there is only text, which all servers take. */
export function contentOf(parts: JsonObject[]): Json {
  if (parts.some(({ type }) => type !== "text")) return parts;
  return parts.map(({ text }) => textOf(text)).join("\n\n");
}
