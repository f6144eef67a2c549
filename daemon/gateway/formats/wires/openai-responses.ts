import type { Format } from "../format.ts";
import { isObject, objectOf, textOf } from "../json.ts";
import { readResponsesUsage } from "../usage.ts";
import { estimateTokens, hasPicture, isFilled, outputLimit } from "./estimate.ts";
import { openaiErrorBody } from "./openai-error.ts";
import { asItIs } from "./passage.ts";
import { makeTap } from "./tap.ts";

/** Items that are announced before anything is in them. */
const empty = new Set(["message", "reasoning"]);

/** OpenAI's Responses API. */
export const openaiResponses: Format = {
  id: "openai-responses",

  estimate: (body) => ({
    input: estimateTokens(body.instructions, body.input, body.tools, body.text),
    output: outputLimit(body.max_output_tokens),
  }),

  needs: (body) => ({
    vision: hasPicture(body.input),
    tools: isFilled(body.tools),
    stream: body.stream === true,
  }),

  usageOf: (reply) => (isObject(reply.usage) ? readResponsesUsage(reply.usage) : null),

  tap: () =>
    makeTap((body, state) => {
      const type = textOf(body.type);
      const { usage } = objectOf(body.response);
      if (isObject(usage)) state.usage = readResponsesUsage(usage) ?? state.usage;
      if (type === "response.completed" || type === "response.incomplete") state.ended = true;
      else if (type === "error" || type === "response.failed" || type === "") state.failed = true;
      else if (type.endsWith(".delta")) state.output ||= body.delta !== "";
      else if (type === "response.output_item.added") {
        state.output ||= !empty.has(textOf(objectOf(body.item).type));
      }
    }),

  pass: (body, model) => asItIs({ ...body, model }),

  errorBody: openaiErrorBody,

  errorEvents({ message, code, type }) {
    const event = { type: "error", code: code ?? type, message, param: null, sequence_number: 0 };
    return [{ event: "error", data: JSON.stringify(event) }];
  },
};
