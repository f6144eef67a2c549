import { openaiType } from "../error-types.ts";
import type { WireError } from "../format.ts";
import type { JsonObject } from "../json.ts";

/** The body of OpenAI's errors, which most providers have taken over. */
export function openaiErrorBody({ status, type, message, code }: WireError): JsonObject {
  return { error: { message, type: openaiType(status, type), param: null, code: code ?? null } };
}
