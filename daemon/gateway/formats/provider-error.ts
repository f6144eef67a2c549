import { plainText } from "../../../src/plain-text.ts";
import { isObject, type Json, textOf } from "./json.ts";

const longestMessage = 2000;

/** What a provider's error says, in whatever form it comes; Mistral and FastAPI have forms of their own. */
export function providerError(body: Json): { message: string; code?: string } {
  const message = plainText(messageOf(body)).trim().slice(0, longestMessage);
  const code = codeOf(body);
  return { message: message || "the provider gave no reason", ...(code ? { code } : {}) };
}

function messageOf(body: Json | undefined): string {
  if (typeof body === "string") return body;
  if (Array.isArray(body)) return body.map(messageOf).filter(Boolean).join("; ");
  if (!isObject(body)) return "";
  for (const name of ["error", "message", "detail", "msg", "errors"]) {
    const message = messageOf(body[name]);
    if (message) return message;
  }
  return "";
}

function codeOf(body: Json): string {
  if (!isObject(body)) return "";
  const error = isObject(body.error) ? body.error : body;
  return textOf(error.code);
}
