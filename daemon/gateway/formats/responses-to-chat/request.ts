import { BadRequest } from "../errors.ts";
import { type Json, type JsonObject, objectOf, present } from "../json.ts";
import { isOpenaiReasoning, takesEffort } from "../traits.ts";
import { conversationOf } from "./conversation.ts";
import type { ToolNames } from "./tools.ts";

/**
 * A request of the Responses API as one of Chat Completions. `effort`: whether the effort is to be
 * passed on whatever the model. Throws BadRequest.
 */
export function chatRequest(
  body: JsonObject,
  model: string,
  names: ToolNames,
  effort: boolean,
): JsonObject {
  refuse(body);
  const reasons = isOpenaiReasoning(model);
  const limit = body.max_output_tokens ?? undefined;
  const stream = body.stream === true;
  const { tools, tool_choice } = names.choice(body.tool_choice);
  const used = tools.length > 0;
  return present({
    model,
    messages: conversationOf(body, names),
    max_tokens: reasons ? undefined : limit,
    max_completion_tokens: reasons ? limit : undefined,
    temperature: reasons ? undefined : (body.temperature ?? undefined),
    top_p: reasons ? undefined : (body.top_p ?? undefined),
    reasoning_effort:
      effort || takesEffort(model) ? (objectOf(body.reasoning).effort ?? undefined) : undefined,
    response_format: formatOf(objectOf(objectOf(body.text).format)),
    tools: used ? tools : undefined,
    tool_choice: used ? tool_choice : undefined,
    parallel_tool_calls: used && body.parallel_tool_calls === false ? false : undefined,
    stream: stream ? true : undefined,
    stream_options: stream ? { include_usage: true } : undefined,
  });
}

/** What is kept at OpenAI, and nowhere else. */
function refuse(body: JsonObject): void {
  for (const param of ["previous_response_id", "conversation", "prompt"]) {
    if (body[param] === null || body[param] === undefined) continue;
    throw new BadRequest("this provider keeps no state: send the whole conversation", param);
  }
  if (body.background === true) {
    throw new BadRequest("this provider answers at once or not at all", "background");
  }
}

function formatOf({ type, name, schema, strict, description }: JsonObject): Json | undefined {
  if (type === "json_object") return { type };
  if (type !== "json_schema") return undefined;
  const json_schema = present({
    name: name ?? "reply",
    schema: schema ?? {},
    strict: strict ?? undefined,
    description: description ?? undefined,
  });
  return { type, json_schema };
}
