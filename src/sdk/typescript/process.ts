import type { ClientRequest } from "node:http";
import { NexoraError } from "../../contract/errors.ts";
import type { ProcessOutput } from "../../contract/process.ts";
import { encodeFrames, encodeJsonFrame, frameType, outputItem, readFrames } from "../../frames.ts";
import { put } from "./http.ts";
import type { Process } from "./types.ts";

/** What came of a request for a program's output. */
export interface Opened {
  request: ClientRequest;
  /** Its body; rejects with the error that the daemon replies. */
  body: Promise<AsyncIterable<Uint8Array>>;
  /** The error for what the body has thrown. */
  failure(thrown: unknown): unknown;
}

/** A program by the request that runs it: its fields go first, then what it is sent. */
export function openProcess(opened: Opened, fields: object, interactive: boolean): Process {
  const { request } = opened;
  const closed = new AbortController();
  const send = (frame: Uint8Array) => void put(request, frame);
  send(encodeJsonFrame(frameType.spec, fields));
  if (!interactive) request.end();
  const items = itemsOf(opened, closed.signal);
  return {
    [Symbol.asyncIterator]: () => items,
    async write(data) {
      const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
      for (const frame of encodeFrames(frameType.stdin, bytes)) {
        if (!(await put(request, frame))) return;
      }
    },
    end: () => void request.end(),
    resize: (columns, rows) => send(encodeJsonFrame(frameType.resize, { columns, rows })),
    signal: (signal) => send(encodeJsonFrame(frameType.signal, { signal })),
    close() {
      closed.abort();
      request.destroy();
    },
  };
}

async function* itemsOf(
  { request, body, failure }: Opened,
  closed: AbortSignal,
): AsyncGenerator<ProcessOutput, void, undefined> {
  try {
    for await (const frame of readFrames(await body)) {
      const item = outputItem(frame);
      // Whoever takes the last item need not ask for another.
      if (item?.type === "result") request.destroy();
      if (item) yield item;
      if (item?.type === "result") return;
    }
    throw new NexoraError("engine_failed", "the connection closed before the command finished");
  } catch (thrown) {
    if (closed.aborted) throw new NexoraError("interrupted", "the program was left");
    throw failure(thrown);
  } finally {
    request.destroy();
  }
}
