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
import { takesSampling } from "../traits.ts";
import { turnsOf } from "./conversation.ts";
import { thinkingFields } from "./thinking.ts";
import { toolFields } from "./tools.ts";

/** Messages needs a limit, Chat does not: more than most replies have, less than any model refuses. */
const defaultMaxTokens = 16_384;

/** A request of Chat Completions as one of the Messages API. Throws BadRequest. */
export function messagesRequest(body: JsonObject, model: string): JsonObject {
  refuse(body);
  const { system, messages } = turnsOf(body.messages);
  const format = objectOf(body.response_format);
  if (format.type === "json_object") {
    system.push({ type: "text", text: "Answer with one JSON object and nothing else." });
  }
  const limit = body.max_completion_tokens ?? body.max_tokens;
  const maxTokens = typeof limit === "number" ? limit : defaultMaxTokens;
  const tools = toolFields(body);
  const forced = ["any", "tool"].includes(textOf(objectOf(tools.tool_choice).type));
  const situation = { maxTokens, turns: messages, forced };
  const { max_tokens, output_config, thinking } = thinkingFields(
    body.reasoning_effort,
    model,
    situation,
  );
  const schema = schemaOf(format);
  // Nor does a model that thinks take a temperature.
  const samples = !thinking && takesSampling(model);
  return present({
    model,
    max_tokens: max_tokens ?? maxTokens,
    system: system.length > 0 ? system : undefined,
    messages,
    ...tools,
    thinking,
    output_config: output_config || schema ? { ...objectOf(output_config), ...schema } : undefined,
    temperature: samples ? temperatureOf(body.temperature) : undefined,
    top_p: samples ? (body.top_p ?? undefined) : undefined,
    stop_sequences: stopsOf(body.stop),
    metadata: metadataOf(body.safety_identifier ?? body.user),
    stream: body.stream === true ? true : undefined,
  });
}

/** What would come back as something else than was asked for. */
function refuse(body: JsonObject): void {
  const { n, logprobs, logit_bias, modalities, audio, functions, web_search_options } = body;
  const refused: Record<string, boolean> = {
    n: typeof n === "number" && n > 1,
    logprobs: logprobs === true,
    logit_bias: Object.keys(objectOf(logit_bias)).length > 0,
    modalities: Array.isArray(modalities) && modalities.includes("audio"),
    audio: isObject(audio),
    functions: Array.isArray(functions) && functions.length > 0,
    web_search_options: isObject(web_search_options),
  };
  const param = Object.keys(refused).find((name) => refused[name]);
  if (param) throw new BadRequest(`this provider has no ${param}`, param);
}

/** Chat goes to 2, Messages to 1. */
function temperatureOf(temperature: Json | undefined): Json | undefined {
  return typeof temperature === "number" ? Math.min(1, temperature) : undefined;
}

function stopsOf(stop: Json | undefined): Json | undefined {
  if (typeof stop === "string") return [stop];
  return Array.isArray(stop) && stop.length > 0 ? stop : undefined;
}

function metadataOf(user: Json | undefined): JsonObject | undefined {
  return typeof user === "string" ? { user_id: user } : undefined;
}

function schemaOf(format: JsonObject): { format: JsonObject } | undefined {
  if (format.type !== "json_schema") return undefined;
  const [schema] = objectsOf([objectOf(format.json_schema).schema ?? {}]);
  return { format: { type: "json_schema", schema: schema ?? {} } };
}
