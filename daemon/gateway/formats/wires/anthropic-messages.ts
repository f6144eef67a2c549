import { anthropicType } from "../error-types.ts";
import type { Format, WireError } from "../format.ts";
import { isObject, type JsonObject, objectOf, textOf } from "../json.ts";
import { withoutOurThinking } from "../mark.ts";
import { mergeMessagesUsage, readMessagesUsage } from "../usage.ts";
import { estimateTokens, hasPicture, isFilled, outputLimit } from "./estimate.ts";
import { asItIs, underItsName } from "./passage.ts";
import { makeTap } from "./tap.ts";

const deltas = ["text", "thinking", "partial_json", "signature"];

/** Anthropic's Messages. */
export const anthropicMessages: Format = {
  id: "anthropic-messages",

  estimate: (body) => ({
    input: estimateTokens(body.system, body.messages, body.tools),
    output: outputLimit(body.max_tokens),
  }),

  needs: (body) => ({
    vision: hasPicture(body.messages),
    tools: isFilled(body.tools),
    stream: body.stream === true,
  }),

  usageOf: (reply) => (isObject(reply.usage) ? readMessagesUsage(reply.usage) : null),

  tap() {
    let counts: JsonObject = {};
    return makeTap((body, state, name) => {
      const usage = body.usage ?? objectOf(body.message).usage;
      if (isObject(usage)) {
        counts = mergeMessagesUsage(counts, usage);
        state.usage = readMessagesUsage(counts);
      }
      switch (body.type ?? name) {
        case "content_block_start":
          // Text and thinking begin empty; the other blocks are something by themselves.
          state.output ||= !["text", "thinking"].includes(
            textOf(objectOf(body.content_block).type),
          );
          break;
        case "content_block_delta": {
          const delta = objectOf(body.delta);
          state.output ||= deltas.some((name) => textOf(delta[name]) !== "");
          break;
        }
        case "message_stop":
          state.ended = true;
          break;
        case "error":
        case null:
          state.failed = true;
          break;
      }
    });
  },

  pass(body, model) {
    const sent: JsonObject = { ...body, model };
    if (body.messages !== undefined) sent.messages = withoutOurThinking(body.messages);
    const asked = textOf(body.model);
    return asked && asked !== model ? { ...asItIs(sent), ...underItsName(asked) } : asItIs(sent);
  },

  errorBody: messagesErrorBody,

  errorEvents: (error) => [{ event: "error", data: JSON.stringify(messagesErrorBody(error)) }],
};

/** The body of Anthropic's errors. */
function messagesErrorBody({ status, type, message }: WireError): JsonObject {
  return { type: "error", error: { type: anthropicType(status, type), message } };
}
