import { asNexoraError, type NexoraError } from "../../../src/contract/errors.ts";
import type { Stream } from "../../../src/contract/operation.ts";
import type { ProcessOutput } from "../../../src/contract/process.ts";
import {
  encodeJsonFrame,
  framesContentType,
  frameType,
  outputFrames,
} from "../../../src/frames.ts";

/** How the items of a stream become the body of a reply. */
interface Encoding {
  contentType: string;
  /** What leaves at once, so that the head of the reply does not wait for the first item. */
  prelude?: string;
  chunks(item: unknown): Iterable<Uint8Array>;
  /** The last item of a stream that fails; absent: it is cut off. */
  failure?(error: unknown): Uint8Array;
}

const encoder = new TextEncoder();
const bytes = (text: string) => encoder.encode(text);

const frames: Encoding = {
  contentType: framesContentType,
  chunks: (item: ProcessOutput) => outputFrames(item),
  failure: (error) => encodeJsonFrame(frameType.error, error),
};

/** Output as text with the exact bytes beside it; a character may be cut between two items. */
function processLines(): Encoding {
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  return {
    ...itemLines,
    *chunks(item: ProcessOutput) {
      if (!("bytes" in item)) return yield bytes(`${JSON.stringify(item)}\n`);
      const data = decoders[item.type].decode(item.bytes, { stream: true });
      const base64 = Buffer.from(item.bytes).toString("base64");
      yield bytes(`${JSON.stringify({ type: item.type, data, base64 })}\n`);
    },
  };
}

const itemLines: Encoding = {
  contentType: "application/x-ndjson",
  prelude: "\n",
  chunks: (item: unknown) => [bytes(`${JSON.stringify(item)}\n`)],
  failure: (error) => bytes(`${JSON.stringify({ type: "error", error })}\n`),
};

/** Server-sent events (HTML Standard, section 9.2). */
const serverSent: Encoding = {
  contentType: "text/event-stream",
  prelude: ": nexora\n\n",
  chunks: (item: { id?: number; type?: string }) => [
    bytes(
      `${item.id === undefined ? "" : `id: ${item.id}\n`}${item.type === undefined ? "" : `event: ${item.type}\n`}data: ${JSON.stringify(item)}\n\n`,
    ),
  ],
  failure: (error) => bytes(`event: error\ndata: ${JSON.stringify(error)}\n\n`),
};

const textLines: Encoding = {
  contentType: "text/plain; charset=utf-8",
  chunks: (line: string) => [bytes(`${line}\n`)],
};

const archive: Encoding = {
  contentType: "application/x-tar",
  chunks: (part: Uint8Array) => [part],
};

/** The encodings of each shape of stream; the first is the usual one. */
const encodings: Record<NonNullable<Stream["out"]>, readonly (() => Encoding)[]> = {
  process: [() => frames, processLines],
  items: [() => itemLines, () => serverSent],
  lines: [() => textLines],
  archive: [() => archive],
};

/** The media types in which a stream of that shape is given. */
export function streamTypes(shape: NonNullable<Stream["out"]>): string[] {
  return encodings[shape].map((make) => make().contentType);
}

/** The media type of a stream that an Accept header names; undefined: none. */
export function acceptedStream(
  shape: NonNullable<Stream["out"]>,
  accept: string,
): string | undefined {
  return streamTypes(shape).find((type) => accept.includes(type));
}

interface StreamOptions {
  /** Called when the client goes away before the stream's end. */
  end(): void;
  /** The error that ends a stream, in words for its reader. */
  words(error: NexoraError): unknown;
}

/** A reply whose body is a stream. */
export function streamReply(
  shape: NonNullable<Stream["out"]>,
  type: string | undefined,
  items: AsyncIterable<unknown>,
  { end, words }: StreamOptions,
): Response {
  const all = encodings[shape].map((make) => make());
  const encoding = all.find(({ contentType }) => contentType === type) ?? all[0];
  if (!encoding) throw new TypeError(`no encoding of ${shape}`);
  const iterator = items[Symbol.asyncIterator]();
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        if (encoding.prelude) controller.enqueue(bytes(encoding.prelude));
      },
      async pull(controller) {
        try {
          const { done, value } = await iterator.next();
          if (done) return controller.close();
          for (const chunk of encoding.chunks(value)) controller.enqueue(chunk);
        } catch (thrown) {
          const error = asNexoraError(thrown);
          if (!encoding.failure) return controller.error(error);
          controller.enqueue(encoding.failure(words(error)));
          controller.close();
        }
      },
      async cancel() {
        end();
        await iterator.return?.();
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { headers: { "content-type": encoding.contentType } });
}
