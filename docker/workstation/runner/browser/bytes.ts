import type { Socket } from "bun";
import { NexoraError } from "../../../../src/contract/errors.ts";
import { devtoolsPort, notRunning } from "./devtools.ts";

/** Bytes that are read ahead of a daemon that does not take them yet, about. */
const aheadBytes = 256 * 1024;

/**
 * Answers `POST /runner/browser/connect`: joins the request's bytes, and the reply's, to a connection to
 * the browser's DevTools. Each side is held back while the other is slow. Throws `engine_failed` when no
 * browser listens.
 */
export async function connectBytes(request: Request): Promise<Response> {
  const { body } = request;
  if (!body) throw new NexoraError("usage", "the connection needs a body");
  const drained = new Wakeup();
  let output: ReadableStreamDefaultController<Uint8Array> | null = null;
  const ended = () => {
    drained.ring();
    try {
      output?.close();
    } catch {
      // It was cancelled.
    }
    output = null;
  };
  const socket = await Bun.connect({
    hostname: "127.0.0.1",
    port: devtoolsPort,
    socket: {
      data(it, bytes) {
        output?.enqueue(bytes.slice());
        if ((output?.desiredSize ?? 1) <= 0) it.pause();
      },
      drain: () => drained.ring(),
      close: ended,
      error: ended,
    },
  }).catch((error) => {
    throw notRunning(error);
  });
  const stream = new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        output = controller;
      },
      pull: () => {
        socket.resume();
      },
      cancel: () => {
        output = null;
        socket.terminate();
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: aheadBytes }),
  );
  void send(body, socket, drained).finally(() => socket.terminate());
  return new Response(stream, { headers: { "content-type": "application/octet-stream" } });
}

/** Writes all that comes, as fast as the socket takes it. Never rejects. */
async function send(
  body: ReadableStream<Uint8Array>,
  socket: Socket,
  drained: Wakeup,
): Promise<void> {
  try {
    for await (const chunk of body) {
      for (let rest = chunk; rest.length > 0; ) {
        const count = socket.write(rest);
        if (count < 0) return;
        rest = rest.subarray(count);
        if (rest.length > 0) await drained.next();
      }
    }
  } catch {
    // The daemon has gone.
  }
}

/** Lets one wait for the next ring. */
class Wakeup {
  private waiting = Promise.withResolvers<void>();

  next(): Promise<void> {
    return this.waiting.promise;
  }

  ring(): void {
    this.waiting.resolve();
    this.waiting = Promise.withResolvers<void>();
  }
}
