import { BadReply, BadRequest } from "../formats/errors.ts";
import type { Translation, Usage } from "../formats/format.ts";
import { formatOf, translation } from "../formats/index.ts";
import { parseObject } from "../formats/json.ts";
import { fitted } from "../providers/provider.ts";
import type { Candidate } from "./candidates.ts";
import type { Exchange } from "./exchange.ts";
import { Failure, failureOf } from "./failure.ts";
import { addressOf, headersFor, type PassedRequest, passedRequest } from "./request.ts";
import { bytesWithoutKey, withoutKey } from "./secrets.ts";
import { readWhole, send } from "./send.ts";
import { isReply, messageOf, parsed } from "./shape.ts";
import { type StreamParts, UpstreamStream } from "./stream.ts";
import { Watch } from "./watch.ts";

/** How long a provider may be silent, in milliseconds. */
export interface Patience {
  /** Until the whole reply is there. */
  replyMs: number;
  /** Until a stream begins, and between two pieces of it. */
  silenceMs: number;
}

/** What a provider has answered, in the client's format. */
export type Answer = { headers: Headers } & (
  | { kind: "whole"; body: Uint8Array | string; usage: Usage | null }
  | { kind: "stream"; stream: UpstreamStream }
  /** An error that is the caller's own affair. */
  | { kind: "error"; status: number; body: Uint8Array | string; message: string }
);

/** What one attempt is about. */
interface Attempt {
  exchange: Exchange;
  candidate: Candidate;
  /** The secret. */
  key: string | null;
  translator: Translation | null;
}

/** Asks one provider once. `key` is the secret. */
export async function attempt(
  exchange: Exchange,
  candidate: Candidate,
  key: string | null,
  { replyMs, silenceMs }: Patience,
): Promise<Answer | Failure> {
  const { client, stream } = exchange;
  const { provider, wire } = candidate;
  const translator = wire === client.id ? null : translation(client.id, wire);
  const about = { exchange, candidate, key, translator };
  const request = requestOf(about);
  if (request instanceof Failure) return request;
  const watch = new Watch(exchange.signal);
  watch.allow(stream ? silenceMs : replyMs);
  const headers = headersFor(exchange, candidate, key);
  const url = addressOf(exchange, candidate);
  const reply = await send({ url, headers, body: request.body, local: provider.local }, watch);
  if (reply instanceof Failure) {
    watch.end();
    return reply;
  }
  if (stream && reply.ok) return openStream(about, reply, { ...request, watch, silenceMs });
  const bytes = await readWhole(reply, watch);
  watch.end();
  if (bytes instanceof Failure) return bytes;
  return reply.ok ? wholeReply(about, reply, bytes, request) : refusal(about, reply, bytes);
}

/** The request in the provider's format. */
function requestOf({ exchange, candidate, translator }: Attempt): PassedRequest | Failure {
  if (!translator) return passedRequest(exchange, candidate);
  try {
    const { provider, wire, model } = candidate;
    const body = fitted(provider, wire, translator.request(exchange.body, model.id));
    const asItIs = { hides: () => false, event: () => null, reply: () => null };
    return { body: JSON.stringify(body), ...asItIs };
  } catch (error) {
    if (error instanceof BadRequest) return new Failure("unfit", error.message);
    throw error;
  }
}

async function openStream(
  { exchange: { client }, candidate: { wire }, key, translator }: Attempt,
  reply: Response,
  rest: Pick<StreamParts, "hides" | "event" | "watch" | "silenceMs">,
): Promise<Answer | Failure> {
  const type = reply.headers.get("content-type") ?? "";
  if (!reply.body || !/^text\/event-stream\b/i.test(type)) {
    rest.watch.abort();
    return new Failure("broken", "it sent no event stream");
  }
  const stream = new UpstreamStream(reply.body, {
    client,
    wire: formatOf(wire),
    translation: translator?.stream() ?? null,
    key,
    ...rest,
  });
  const failure = await stream.open();
  return failure ?? { kind: "stream", headers: reply.headers, stream };
}

function wholeReply(
  { exchange, candidate: { wire }, key, translator }: Attempt,
  { headers }: Response,
  bytes: Uint8Array,
  request: PassedRequest,
): Answer | Failure {
  const value = parseObject(decoder.decode(bytes));
  if (!value || !(exchange.counts || isReply(wire, value))) {
    return new Failure("broken", "it sent something else than a reply");
  }
  const usage = exchange.counts ? null : formatOf(wire).usageOf(value);
  if (!translator) {
    const said = request.reply(value);
    const body = said ? withoutKey(JSON.stringify(said), key) : bytesWithoutKey(bytes, key);
    return { kind: "whole", headers, body, usage };
  }
  try {
    const body = withoutKey(JSON.stringify(translator.reply(value)), key);
    return { kind: "whole", headers, body, usage };
  } catch (error) {
    if (error instanceof BadReply) return new Failure("broken", error.message);
    throw error;
  }
}

/** A reply that says no: what to do about it, or the caller's own affair, in the caller's format. */
function refusal(
  { exchange: { client }, key, translator }: Attempt,
  { status, headers }: Response,
  bytes: Uint8Array,
): Answer | Failure {
  // Before anything is cut: a part of the key would not be known again.
  const text = withoutKey(decoder.decode(bytes), key);
  const message = messageOf(text);
  const failure = failureOf(status, headers, message);
  if (failure) return failure;
  const body = translator
    ? withoutKey(
        JSON.stringify(client.errorBody(translator.error(status, parsed(text) ?? text))),
        key,
      )
    : bytesWithoutKey(bytes, key);
  return { kind: "error", headers, status, body, message };
}

const decoder = new TextDecoder();
