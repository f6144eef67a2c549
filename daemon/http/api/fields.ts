import { z } from "zod";
import { NexoraError } from "../../../src/contract/errors.ts";
import type { Operation } from "../../../src/contract/operation.ts";

/** Longest JSON body, in bytes. */
const maxJsonBody = 8 * 1024 * 1024;

/** Decodes what is UTF-8, and throws a TypeError for the rest: a letter lost is another name. */
const utf8 = new TextDecoder("utf-8", { fatal: true });

type PropertyTypes = Record<string, string | undefined>;

/** JSON type of each field of an operation's input, for reading a query string. */
export function propertyTypes(operation: Operation): PropertyTypes {
  const schema = z.toJSONSchema(operation.input, { io: "input", unrepresentable: "any" });
  return Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([name, property]) => [
      name,
      typeof property === "object" && typeof property.type === "string" ? property.type : undefined,
    ]),
  );
}

/**
 * The fields of a query string, each as its JSON type; what does not fit stays text for zod to name.
 * Throws `usage` for bytes that are no text.
 */
export function readQuery(search: string, types: PropertyTypes): Record<string, unknown> {
  checkDecodes("the query", search);
  const query = new URLSearchParams(search);
  const fields: Record<string, unknown> = {};
  for (const name of new Set(query.keys())) {
    const values = query.getAll(name);
    fields[name] =
      types[name] === "array" ? values : fieldOf(types[name], values[values.length - 1] ?? "");
  }
  return fields;
}

/** Throws `usage` for a path whose bytes are no text. */
export function checkPath(path: string): void {
  checkDecodes("the path", path);
}

function checkDecodes(what: string, text: string): void {
  try {
    decodeURIComponent(text);
  } catch {
    throw notUtf8(what, "write other characters than letters and digits as %XX, in UTF-8");
  }
}

function fieldOf(type: string | undefined, text: string): unknown {
  return type === undefined || type === "string" ? text : parseJson(text);
}

/** Spaces around it are no part of a number, nor of `true`. */
function parseJson(text: string): unknown {
  if (text !== text.trim()) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A JSON body of bounded length. Throws `too_large` or `usage`. */
export async function readJsonBody(request: Request): Promise<Record<string, unknown>> {
  const chunks: Uint8Array[] = [];
  let length = Number(request.headers.get("content-length") ?? 0);
  if (length > maxJsonBody) throw tooLarge();
  length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    if (length > maxJsonBody) throw tooLarge();
    chunks.push(chunk);
  }
  let value: unknown;
  try {
    const text = utf8.decode(Buffer.concat(chunks));
    if (text.trim() === "") return {};
    value = JSON.parse(text);
  } catch (cause) {
    if (cause instanceof TypeError) throw notUtf8("the body");
    throw new NexoraError("usage", "the body is not valid JSON", {
      hint: "send one JSON object as application/json",
      cause,
    });
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new NexoraError("usage", "the body is not a JSON object");
}

function notUtf8(what: string, hint?: string): NexoraError {
  return new NexoraError("usage", `${what} is not valid UTF-8`, { hint });
}

function tooLarge(): NexoraError {
  return new NexoraError("too_large", `the body is over the limit of ${maxJsonBody} bytes`, {
    hint: "split the text, or send a file with `nexora cp`",
  });
}
