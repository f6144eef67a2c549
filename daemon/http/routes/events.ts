import { events as eventsOperation, type NexoraEvent } from "../../../src/contract/events.ts";
import type { Events } from "../../events/events.ts";
import type { Router } from "../route.ts";

export function eventRoutes(router: Router, events: Events): void {
  router.on(eventsOperation, async ({ input, request, signal }) => {
    const streamed = input.follow || request.headers.get("accept") === "text/event-stream";
    const last = Number(request.headers.get("last-event-id") ?? Number.NaN);
    const query = { ...input, since: Number.isInteger(last) ? last : input.since };
    if (!streamed) return { events: await events.list(query) };
    const ended = new AbortController();
    const source = events.follow(query, AbortSignal.any([signal, ended.signal]));
    return new Response(
      serverSent(source, () => ended.abort()),
      {
        headers: { "content-type": "text/event-stream" },
      },
    );
  });
}

/** Server-sent events (HTML Standard, section 9.2). */
function serverSent(
  source: AsyncGenerator<NexoraEvent>,
  cancel: () => void,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      // The head of the reply leaves at once, before anything has happened.
      controller.enqueue(encoder.encode(": nexora\n\n"));
    },
    async pull(controller) {
      const { done, value } = await source.next();
      if (done) return controller.close();
      const text = `id: ${value.id}\nevent: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`;
      controller.enqueue(encoder.encode(text));
    },
    cancel,
  });
}
