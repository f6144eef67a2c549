import type { Format, WireError } from "../format.ts";
import { isObject, type JsonObject, objectOf, objectsOf } from "../json.ts";
import { readGeminiUsage } from "../usage.ts";
import { estimateTokens, hasPicture, isFilled, outputLimit } from "./estimate.ts";
import { asItIs } from "./passage.ts";
import { makeTap } from "./tap.ts";

/** Google's canonical names of errors (google.rpc.Code) for statuses of HTTP. */
const names: Readonly<Record<number, string>> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  429: "RESOURCE_EXHAUSTED",
  500: "INTERNAL",
  503: "UNAVAILABLE",
  504: "DEADLINE_EXCEEDED",
};

/** Gemini's generateContent, which goes to Google as it is. The model is in its path. */
export const gemini: Format = {
  id: "gemini",

  estimate(body) {
    const config = objectOf(body.generationConfig ?? body.generation_config);
    const system = body.systemInstruction ?? body.system_instruction;
    return {
      input: estimateTokens(system, body.contents, body.tools),
      output: outputLimit(config.maxOutputTokens, config.max_output_tokens),
    };
  },

  needs: (body) => ({
    vision: hasPicture(body.contents),
    tools: isFilled(body.tools),
    stream: false,
  }),

  usageOf: (reply) => (isObject(reply.usageMetadata) ? readGeminiUsage(reply.usageMetadata) : null),

  tap: () =>
    makeTap((body, state) => {
      if (body.error) state.failed = true;
      if (isObject(body.usageMetadata)) {
        state.usage = readGeminiUsage(body.usageMetadata) ?? state.usage;
      }
      if (objectOf(body.promptFeedback).blockReason) state.ended = true;
      for (const { content, finishReason } of objectsOf(body.candidates)) {
        state.output ||= objectsOf(objectOf(content).parts).some((part) => part.text !== "");
        if (finishReason) state.ended = true;
      }
    }),

  pass: asItIs,

  errorBody: geminiErrorBody,

  errorEvents: (error) => [{ event: null, data: JSON.stringify(geminiErrorBody(error)) }],
};

function geminiErrorBody({ status, message }: WireError): JsonObject {
  return { error: { code: status, message, status: names[status] ?? "UNKNOWN" } };
}
