import { randomUUID } from "node:crypto";
import { formatOf } from "./formats/index.ts";
import { type JsonObject, objectOf, objectsOf, parseObject, textOf } from "./formats/json.ts";
import type { Caller } from "./limits/caller.ts";
import type { Exchange } from "./upstream/exchange.ts";

/** In these a provider can be tried; what it speaks itself may be another one. */
export const questionFormats = ["openai-chat", "openai-responses"] as const;
export type QuestionFormat = (typeof questionFormats)[number];

const text = "Say OK.";
/** Most tokens of the answer: the least that OpenAI's Responses take. */
const maxTokens = 16;
/** Most of an answer that is shown, in characters. */
const maxShown = 200;

/** A small question to a model. */
export function question(format: QuestionFormat, model: string, signal: AbortSignal): Exchange {
  const body: JsonObject =
    format === "openai-chat"
      ? { model, messages: [{ role: "user", content: text }], max_completion_tokens: maxTokens }
      : { model, input: text, max_output_tokens: maxTokens };
  return {
    id: randomUUID(),
    caller: nobody,
    client: formatOf(format),
    model,
    body,
    text: JSON.stringify(body),
    stream: false,
    suffix: () => "",
    counts: false,
    headers: new Headers(),
    signal,
    estimate: { input: 0, output: 0 },
  };
}

/** What the model has said. */
export function replyText(format: QuestionFormat, reply: Uint8Array | string): string {
  const json = typeof reply === "string" ? reply : new TextDecoder().decode(reply);
  const body = parseObject(json) ?? {};
  const said =
    format === "openai-chat"
      ? objectsOf(body.choices).map(({ message }) => textOf(objectOf(message).content))
      : objectsOf(body.output).flatMap(({ content }) =>
          objectsOf(content).map((it) => textOf(it.text)),
        );
  return said.join("").slice(0, maxShown);
}

/** Whoever tries a provider is no caller of the gateway: no limits, and no usage is counted. */
const nobody: Caller = {
  id: "test",
  name: "test",
  kind: "token",
  session: null,
  limits: { rpm: null, tpm: null, budgetUsd: { day: null, month: null } },
  budgeted: false,
  may: () => true,
};
