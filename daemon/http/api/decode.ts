import { NexoraError } from "../../../src/contract/errors.ts";
import type { ProcessInput } from "../../../src/contract/process.ts";
import {
  type Frame,
  FramingError,
  frameJson,
  frameType,
  inputItem,
  readFrames,
} from "../../../src/frames.ts";

/** The fields in the first frame of a request, and what goes to the program after it. */
export async function readFramed(
  body: ReadableStream<Uint8Array> | null,
): Promise<{ fields: Record<string, unknown>; source: ReadableStream<ProcessInput> }> {
  const frames = readFrames(body ?? []);
  const first = await nextOf(frames);
  return { fields: specOf(first), source: itemsOf(frames) };
}

function itemsOf(frames: AsyncGenerator<Frame>): ReadableStream<ProcessInput> {
  return new ReadableStream<ProcessInput>(
    {
      async pull(controller) {
        for (;;) {
          const frame = await nextOf(frames);
          if (frame === null) return controller.close();
          const item = inputItem(frame);
          if (item) return controller.enqueue(item);
        }
      },
      cancel: () => void frames.return(undefined).catch(() => {}),
    },
    { highWaterMark: 0 },
  );
}

async function nextOf(frames: AsyncGenerator<Frame>): Promise<Frame | null> {
  try {
    const { done, value } = await frames.next();
    return done ? null : value;
  } catch (cause) {
    if (!(cause instanceof FramingError)) throw cause;
    throw new NexoraError("usage", cause.message, { hint: specHint, cause });
  }
}

const specHint = "docs/http-api.md describes the frames";

function specOf(frame: Frame | null): Record<string, unknown> {
  try {
    const spec: unknown = frame?.type === frameType.spec ? frameJson(frame) : null;
    if (typeof spec === "object" && spec !== null && !Array.isArray(spec)) return { ...spec };
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
  }
  throw new NexoraError("usage", "the stream does not start with a `spec` frame of JSON", {
    hint: specHint,
  });
}
