import { NexoraError } from "../../src/contract/errors.ts";
import { type Frame, maxFramePayload } from "../../src/frames.ts";

/**
 * Takes the first frame off a byte stream. `behind` puts other bytes in its place and gives the
 * rest untouched, so that it can be passed on without being framed anew; to be called once.
 * Throws `usage` when there is no such frame.
 */
export async function firstFrame(body: ReadableStream<Uint8Array> | null): Promise<{
  frame: Frame;
  behind: (head: Uint8Array) => ReadableStream<Uint8Array>;
}> {
  if (!body) throw missing();
  const reader = body.getReader();
  let held = Buffer.alloc(0);
  for (;;) {
    if (held.length >= 5) {
      const length = held.readUInt32BE(1);
      if (length > maxFramePayload) throw missing();
      if (held.length >= 5 + length) {
        const frame = { type: held[0] ?? 0, payload: new Uint8Array(held.subarray(5, 5 + length)) };
        const rest = new Uint8Array(held.subarray(5 + length));
        return { frame, behind: (head) => joined([head, rest], reader) };
      }
    }
    const { done, value } = await reader.read();
    if (done) throw missing();
    held = Buffer.concat([held, value]);
  }
}

interface Reader {
  read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>;
  cancel(reason: unknown): Promise<void>;
}

function joined(heads: readonly Uint8Array[], reader: Reader): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const head of heads) if (head.length > 0) controller.enqueue(head);
    },
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done || !value) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

function missing(): NexoraError {
  return new NexoraError("usage", "the stream does not start with a `spec` frame", {
    hint: "docs/http-api.md describes the frames",
  });
}
