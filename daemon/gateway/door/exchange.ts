import { randomUUID } from "node:crypto";
import { GatewayError } from "../error.ts";
import { formatOf } from "../formats/index.ts";
import { isObject, type Json, type JsonObject } from "../formats/json.ts";
import type { Caller } from "../limits/caller.ts";
import type { Exchange } from "../upstream/exchange.ts";
import type { ModelRoute } from "./routes.ts";

/** Longest name of a model, in characters. */
const maxName = 300;
/** Printable, and no blanks but single spaces. */
const isName = /^[^\p{C}\s]+(?: [^\p{C}\s]+)*$/u;
const nothing = { input: 0, output: 0 };

/** What a request asks of a model. Throws `invalid_request`. */
export function exchangeOf(
  { format, suffix, counts, ...said }: ModelRoute,
  request: Request,
  text: string,
  caller: Caller,
): Exchange {
  const body = objectIn(text);
  const client = formatOf(format);
  const model = said.model ?? body.model;
  if (typeof model !== "string" || model === "") {
    throw new GatewayError("invalid_request", "the request names no model: `model` is missing");
  }
  if (model.length > maxName)
    throw new GatewayError("invalid_request", "the model's name is too long");
  if (!isName.test(model) || !model.isWellFormed()) {
    throw new GatewayError("invalid_request", "the model's name has characters that no name has");
  }
  const stream = said.stream ?? body.stream === true;
  const { headers, signal } = request;
  if (format === "gemini" && stream && new URL(request.url).searchParams.get("alt") !== "sse") {
    throw new GatewayError("invalid_request", "streams are sent as events only: add ?alt=sse");
  }
  return {
    id: randomUUID(),
    caller,
    client,
    model,
    body,
    text,
    stream,
    suffix,
    counts,
    headers,
    signal,
    estimate: counts ? nothing : client.estimate(body),
  };
}

function objectIn(text: string): JsonObject {
  let value: Json;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const why = text.trim() === "" ? "is empty" : "is not valid JSON";
    throw new GatewayError("invalid_request", `the body ${why}`, { cause });
  }
  if (isObject(value)) return value;
  throw new GatewayError("invalid_request", "the body is not a JSON object");
}
