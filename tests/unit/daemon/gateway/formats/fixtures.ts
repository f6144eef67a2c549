import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { WireFormat } from "../../../../../daemon/gateway/formats/format.ts";
import { translation } from "../../../../../daemon/gateway/formats/index.ts";
import { encodeSse, type SseEvent, SseParser } from "../../../../../daemon/gateway/formats/sse.ts";

export const folder = join(import.meta.dir, "../../../../fixtures/gateway");

const clients = {
  "chat-": ["anthropic-messages", "openai-responses"],
  "messages-": ["openai-chat", "openai-responses"],
} as const;

/** A recorded way of a stream: what the provider sent, and to whom it is translated. */
export interface Recording {
  name: string;
  provider: WireFormat;
  client: WireFormat;
  bytes: Uint8Array;
}

/** The streams of the providers, each with each client that it can be translated for. */
export function recordings(): Recording[] {
  return readdirSync(folder)
    .filter((file) => file.split(".").length === 2)
    .flatMap((file) => {
      const name = file.replace(".sse", "");
      const isChat = name.startsWith("chat-");
      const provider = isChat ? "openai-chat" : "anthropic-messages";
      const bytes = new Uint8Array(readFileSync(join(folder, file)));
      return clients[isChat ? "chat-" : "messages-"].map((client) => ({
        name,
        provider,
        client,
        bytes,
      }));
    });
}

/** The tools of the requests whose replies were recorded. */
export const request = {
  model: "route/any",
  messages: [{ role: "user", content: "Hello" }],
  input: "Hello",
  max_tokens: 1000,
  stream: true,
  stream_options: { include_usage: true },
};

/** The events that a client gets when the provider sends these pieces and closes. */
export function translated(
  { client, provider }: Pick<Recording, "client" | "provider">,
  pieces: Iterable<Uint8Array>,
): SseEvent[] {
  const exchange = translation(client, provider);
  if (!exchange) throw new Error(`no translation of ${provider} for ${client}`);
  exchange.request(request, "a-model");
  const stream = exchange.stream();
  const parser = new SseParser();
  const events: SseEvent[] = [];
  for (const piece of pieces) {
    for (const event of parser.push(piece)) events.push(...stream.event(event));
  }
  events.push(...stream.end());
  return events;
}

/** The events as text, without what is new each time. */
export function stable(events: readonly SseEvent[]): string {
  return events
    .map(encodeSse)
    .join("")
    .replace(/"(created|created_at)":\d+/g, '"$1":0')
    .replace(/(resp|msg|rs|fc)_[0-9a-f]{32}/g, "$1_")
    .replace(/call_[0-9a-f]{32}/g, "call_");
}

/** Whether the last event is the good end of the client's protocol. */
export function endsWell(events: readonly SseEvent[]): boolean {
  const last = events.at(-1);
  return (
    last?.data === "[DONE]" ||
    ["message_stop", "response.completed", "response.incomplete"].includes(last?.event ?? "")
  );
}
