import { BadRequest } from "../errors.ts";
import {
  isObject,
  type Json,
  type JsonObject,
  objectOf,
  objectsOf,
  present,
  textOf,
} from "../json.ts";
import { isOpenaiReasoning, takesEffort } from "../traits.ts";
import { conversationOf } from "./conversation.ts";

/** A request of the Messages API as one of Chat Completions. Throws BadRequest. */
export function chatRequest(body: JsonObject, model: string): JsonObject {
  const reasons = isOpenaiReasoning(model);
  const stops = body.stop_sequences;
  const limit = body.max_tokens;
  const stream = body.stream === true;
  return present({
    model,
    messages: conversationOf(body.system, body.messages),
    max_tokens: reasons ? undefined : limit,
    max_completion_tokens: reasons ? limit : undefined,
    temperature: reasons ? undefined : body.temperature,
    top_p: reasons ? undefined : body.top_p,
    stop: Array.isArray(stops) && stops.length > 0 ? stops : undefined,
    reasoning_effort: takesEffort(model) ? effortOf(body) : undefined,
    response_format: formatOf(objectOf(body.output_config).format),
    ...toolFields(body),
    stream: stream ? true : undefined,
    stream_options: stream ? { include_usage: true } : undefined,
  });
}

function toolFields(body: JsonObject): Record<string, Json | undefined> {
  const tools = objectsOf(body.tools).map((tool, index) => toolOf(tool, `tools[${index}]`));
  if (tools.length === 0) return {};
  const choice = objectOf(body.tool_choice);
  return {
    tools,
    tool_choice: choiceOf(choice),
    parallel_tool_calls: choice.disable_parallel_tool_use === true ? false : undefined,
  };
}

function toolOf(tool: JsonObject, param: string): JsonObject {
  const type = tool.type ?? "custom";
  if (type !== "custom" || typeof tool.name !== "string") {
    throw new BadRequest(`this provider has no tool ${textOf(type)}`, param);
  }
  return {
    type: "function",
    function: present({
      name: tool.name,
      description: tool.description,
      parameters: tool.input_schema,
      strict: tool.strict,
    }),
  };
}

function choiceOf({ type, name }: JsonObject): Json | undefined {
  switch (type) {
    case "auto":
    case "none":
      return type;
    case "any":
      return "required";
    case "tool":
      return { type: "function", function: { name: textOf(name) } };
    default:
      return undefined;
  }
}

/** An effort, or a budget of thinking in these words. */
function effortOf(body: JsonObject): string | undefined {
  const thinking = objectOf(body.thinking);
  const { effort } = objectOf(body.output_config);
  if (thinking.type === "disabled" || thinking.type === undefined) return undefined;
  if (typeof effort === "string") return effort === "low" || effort === "medium" ? effort : "high";
  const budget = thinking.budget_tokens;
  if (typeof budget !== "number") return undefined;
  if (budget < 4096) return "low";
  return budget < 16_384 ? "medium" : "high";
}

function formatOf(format: Json | undefined): JsonObject | undefined {
  if (!isObject(format)) return undefined;
  const json_schema = { name: "reply", schema: format.schema ?? {}, strict: true };
  return { type: "json_schema", json_schema };
}
