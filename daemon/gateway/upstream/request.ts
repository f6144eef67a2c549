import type { Passage } from "../formats/format.ts";
import { formatOf } from "../formats/index.ts";
import { fitted, headersOf, urlOf } from "../providers/provider.ts";
import type { Candidate } from "./candidates.ts";
import type { Exchange } from "./exchange.ts";
import { withMembers } from "./members.ts";

/** Of the client's headers, those that are for a provider of the same format. */
const passed = ["anthropic-version", "anthropic-beta", "openai-beta", "accept", "user-agent"];

/** Where the provider takes it. */
export function addressOf({ client, stream, suffix }: Exchange, candidate: Candidate): string {
  const { provider, model, wire } = candidate;
  const end = wire === client.id ? suffix(model.id) : "";
  const query = wire === "gemini" && stream ? "?alt=sse" : "";
  return `${urlOf(provider, wire) ?? provider.baseUrl}${end}${query}`;
}

/** The headers of the request to the provider; nothing of the client's own credentials. */
export function headersFor(
  { client, headers, stream }: Exchange,
  { provider, wire }: Candidate,
  key: string | null,
): Record<string, string> {
  const sent = headersOf(provider, wire, key);
  if (wire === client.id) {
    for (const name of passed) {
      const value = headers.get(name);
      if (value !== null && provider.headers[name] === undefined) sent[name] = value;
    }
  }
  sent.accept ??= stream ? "text/event-stream" : "application/json";
  sent["content-type"] = "application/json";
  // What is packed would have to be unpacked here, and held until there is enough of it.
  sent["accept-encoding"] = "identity";
  return sent;
}

/** A request that is passed on as it is, but for what has to change. */
export interface PassedRequest extends Omit<Passage, "body"> {
  body: string;
}

/** The client's own text with the provider's name of the model, and the usage asked for. */
export function passedRequest(exchange: Exchange, candidate: Candidate): PassedRequest {
  const { provider, model, wire } = candidate;
  const passage = formatOf(wire).pass(exchange.body, model.id);
  const body = fitted(provider, wire, passage.body);
  const changes = new Map<string, string | null>();
  for (const name of Object.keys(exchange.body)) if (!(name in body)) changes.set(name, null);
  for (const [name, value] of Object.entries(body)) {
    // What has not changed is the same value. A model may be in the text twice, and was read once.
    if (value !== exchange.body[name] || name === "model") changes.set(name, JSON.stringify(value));
  }
  return {
    body: changes.size === 0 ? exchange.text : withMembers(exchange.text, changes),
    hides: passage.hides,
    event: passage.event,
    reply: passage.reply,
  };
}
