import { expect, test } from "bun:test";
import {
  encodeFrame,
  encodeFrames,
  encodeJsonFrame,
  type Frame,
  FramingError,
  frameJson,
  frameType,
  maxFramePayload,
  readFrames,
} from "../../src/frames.ts";

async function* chunked(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function collect(source: AsyncIterable<Uint8Array>): Promise<Frame[]> {
  const frames: Frame[] = [];
  for await (const { type, payload } of readFrames(source)) {
    frames.push({ type, payload: payload.slice() });
  }
  return frames;
}

const stream = Buffer.concat([
  encodeJsonFrame(frameType.spec, { command: ["true"] }),
  encodeFrame(frameType.stdin, new Uint8Array(0)),
  encodeFrame(frameType.stdin, new Uint8Array([0, 255, 10])),
]);

test.each([1, 2, 5, 7, 1000])("frames survive chunks of %d bytes", async (size) => {
  const frames = await collect(chunked(stream, size));
  expect(frames.map(({ type }) => type)).toEqual([
    frameType.spec,
    frameType.stdin,
    frameType.stdin,
  ]);
  expect(frameJson(frames[0] as Frame)).toEqual({ command: ["true"] });
  expect([...(frames[2] as Frame).payload]).toEqual([0, 255, 10]);
});

test("long bytes become several frames that join to the same bytes", async () => {
  const bytes = crypto.getRandomValues(new Uint8Array(60_000));
  const long = Buffer.concat(Array.from({ length: 12 }, () => bytes));
  const frames = await collect(
    chunked(Buffer.concat([...encodeFrames(frameType.stdout, long)]), 4096),
  );
  expect(frames.length).toBeGreaterThan(1);
  expect(Buffer.concat(frames.map(({ payload }) => payload)).equals(long)).toBe(true);
});

test("a stream that ends inside a frame is an error, not an end", async () => {
  expect(collect(chunked(stream.subarray(0, -1), 9))).rejects.toThrow("ended inside a frame");
});

test("a frame over the limit is refused before it is held", async () => {
  const head = new Uint8Array(5);
  new DataView(head.buffer).setUint32(1, maxFramePayload + 1);
  expect(collect(chunked(head, 5))).rejects.toThrow(FramingError);
});
