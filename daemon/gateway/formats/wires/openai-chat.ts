import type { Format } from "../format.ts";
import {
  isObject,
  type Json,
  type JsonObject,
  objectOf,
  objectsOf,
  parseObject,
  textOf,
} from "../json.ts";
import { withoutOurReasoning } from "../reasoning-details.ts";
import type { SseEvent } from "../sse.ts";
import { readChatUsage } from "../usage.ts";
import { estimateTokens, hasPicture, isFilled, outputLimit } from "./estimate.ts";
import { openaiErrorBody } from "./openai-error.ts";
import { asItIs } from "./passage.ts";
import { makeTap } from "./tap.ts";

/** The data that ends a stream. */
export const done = "[DONE]";

/** OpenAI's Chat Completions, and what other providers have made of it. */
export const openaiChat: Format = {
  id: "openai-chat",

  estimate(body) {
    const choices = typeof body.n === "number" && body.n > 1 ? body.n : 1;
    return {
      input: estimateTokens(body.messages, body.tools, body.response_format),
      output: choices * outputLimit(body.max_completion_tokens, body.max_tokens),
    };
  },

  needs(body) {
    return {
      vision: hasPicture(body.messages),
      tools: isFilled(body.tools),
      stream: body.stream === true,
    };
  },

  usageOf: (reply) => (isObject(reply.usage) ? readChatUsage(reply.usage) : null),

  tap() {
    const finished = new Map<Json, boolean>();
    return makeTap((body, state) => {
      if (body.error) state.failed = true;
      if (isObject(body.usage)) state.usage = readChatUsage(body.usage) ?? state.usage;
      for (const { index = 0, delta, finish_reason } of objectsOf(body.choices)) {
        state.output ||= isOutput(objectOf(delta));
        finished.set(index, textOf(finish_reason) !== "" || finished.get(index) === true);
      }
      if (finished.size > 0 && ![...finished.values()].includes(false)) state.ended = true;
    }, done);
  },

  pass(body, model) {
    const sent: JsonObject = { ...body, model };
    if (body.messages !== undefined) sent.messages = withoutOurReasoning(body.messages);
    const options = objectOf(body.stream_options);
    const asked = body.stream !== true || options.include_usage === true;
    if (!asked) sent.stream_options = { ...options, include_usage: true };
    return { ...asItIs(sent), hides: (event) => !asked && isUsageOnly(event) };
  },

  errorBody: openaiErrorBody,

  errorEvents: (error) => [{ event: null, data: JSON.stringify(openaiErrorBody(error)) }],
};

function isOutput(delta: JsonObject): boolean {
  return ["content", "refusal", "reasoning_content", "reasoning", "tool_calls", "audio"].some(
    (name) => {
      const value = delta[name];
      return typeof value === "string" ? value !== "" : isObject(value) || isFilled(value);
    },
  );
}

/** The last chunk of a stream for which usage was asked: it has no choices. */
function isUsageOnly({ data }: SseEvent): boolean {
  if (!/"choices"\s*:\s*\[\s*\]/.test(data)) return false;
  const body = parseObject(data);
  return isObject(body?.usage) && Array.isArray(body.choices) && body.choices.length === 0;
}
