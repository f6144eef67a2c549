import { asNexoraError } from "../../../src/contract/errors.ts";
import {
  type BuildEvent,
  imageBuild,
  imageList,
  imageRemove,
} from "../../../src/contract/image.ts";
import type { ImageStore } from "../../drivers/driver.ts";
import type { Router } from "../route.ts";

export function imageRoutes(router: Router, images: ImageStore): void {
  router
    .on(imageBuild, ({ input, signal }) => {
      const ended = new AbortController();
      const events = images.build(input, AbortSignal.any([signal, ended.signal]));
      return new Response(
        buildStream(events, () => ended.abort()),
        {
          headers: { "content-type": "application/x-ndjson" },
        },
      );
    })
    .on(imageList, async ({ signal }) => ({ images: await images.list(signal) }))
    .on(imageRemove, async ({ input, signal }) => ({
      removed: await images.remove(input.image, signal),
    }));
}

function buildStream(
  events: AsyncIterable<BuildEvent>,
  cancel: () => void,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const iterator = events[Symbol.asyncIterator]();
  const line = (event: BuildEvent) => encoder.encode(`${JSON.stringify(event)}\n`);
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await iterator.next();
        if (done) controller.close();
        else controller.enqueue(line(value));
      } catch (error) {
        controller.enqueue(line({ type: "error", error: asNexoraError(error) }));
        controller.close();
      }
    },
    cancel,
  });
}
