import type { Format } from "../format.ts";
import { isObject } from "../json.ts";
import { readChatUsage } from "../usage.ts";
import { estimateTokens } from "./estimate.ts";
import { openaiErrorBody } from "./openai-error.ts";
import { asItIs } from "./passage.ts";
import { makeTap } from "./tap.ts";

/** OpenAI's Embeddings. It has no streams. */
export const openaiEmbeddings: Format = {
  id: "openai-embeddings",
  estimate: (body) => ({ input: estimateTokens(body.input), output: 0 }),
  needs: () => ({ vision: false, tools: false, stream: false }),

  usageOf(reply) {
    const usage = isObject(reply.usage) ? readChatUsage(reply.usage) : null;
    return usage && { ...usage, output: 0 };
  },

  tap: () =>
    makeTap((_, state) => {
      state.failed = true;
    }),
  pass: (body, model) => asItIs({ ...body, model }),
  errorBody: openaiErrorBody,
  errorEvents: (error) => [{ event: null, data: JSON.stringify(openaiErrorBody(error)) }],
};
