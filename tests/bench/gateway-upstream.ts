/** A program: a provider that always says the same, as fast as it can; prints its port. */
import { bodyOf, eventsOf } from "../support/model-wires.ts";

const turn = { text: "It rains in Zürich, and it will rain tomorrow. ".repeat(8) };
const json = { "content-type": "application/json" };
const stream = { "content-type": "text/event-stream" };
const wires = {
  "/v1/chat/completions": "openai-chat",
  "/v1/messages": "anthropic-messages",
} as const;

const replies = new Map(
  Object.entries(wires).map(([path, wire]) => [
    path,
    {
      whole: JSON.stringify(bodyOf(wire, "bench", turn)),
      streamed: eventsOf(wire, "bench", turn).map((event) => new TextEncoder().encode(event)),
    },
  ]),
);

function eachOf(events: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const event of events) controller.enqueue(event);
      controller.close();
    },
  });
}

const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  async fetch(request) {
    const reply = replies.get(new URL(request.url).pathname);
    const body = await request.text();
    if (!reply) return new Response("no such path", { status: 404 });
    return body.includes('"stream":true')
      ? new Response(eachOf(reply.streamed), { headers: stream })
      : new Response(reply.whole, { headers: json });
  },
});
console.log(server.port);
