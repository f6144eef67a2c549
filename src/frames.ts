import { NexoraError } from "./contract/errors.ts";
import type { ProcessInput, ProcessOutput } from "./contract/process.ts";

/**
 * The framing of exec and attach streams, the same from the CLI to the daemon and from the
 * daemon to the runner: a type byte, a big-endian u32 length, that many bytes.
 *
 * Requests: one `spec` (JSON), then any of `stdin`, `resize` (JSON {columns, rows}) and
 * `signal` (JSON {signal}); the end of the body is the end of standard input.
 * Replies: `started` (JSON {pid}), then `stdout` and `stderr`, and at last one `result`
 * (JSON {exitCode, signal, timedOut, durationMs}) or `error` (JSON ErrorBody).
 */
export const frameType = {
  spec: 0,
  stdin: 1,
  stdout: 2,
  stderr: 3,
  resize: 4,
  signal: 5,
  started: 6,
  result: 7,
  error: 8,
} as const;
export type FrameType = (typeof frameType)[keyof typeof frameType];

export interface Frame {
  type: number;
  payload: Uint8Array;
}

export const framesContentType = "application/vnd.nexora.frames";

/** Longest payload that a reader accepts, in bytes; writers split at 256 KiB. */
export const maxFramePayload = 1024 * 1024;
const splitAt = 256 * 1024;

/** A type byte and a u32. */
const headLength = 5;

const encoder = new TextEncoder();

/** What was sent is no stream of frames. */
export class FramingError extends Error {}

/** One frame around bytes of at most `maxFramePayload`. */
export function encodeFrame(type: FrameType, payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(5 + payload.length);
  frame[0] = type;
  new DataView(frame.buffer).setUint32(1, payload.length);
  frame.set(payload, 5);
  return frame;
}

/** Frames around bytes of any length. */
export function* encodeFrames(type: FrameType, bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += splitAt) {
    yield encodeFrame(type, bytes.subarray(at, at + splitAt));
  }
}

/** One frame around a JSON value. */
export function encodeJsonFrame(type: FrameType, value: unknown): Uint8Array {
  return encodeFrame(type, encoder.encode(JSON.stringify(value)));
}

/** The JSON value in a frame's payload. Throws a SyntaxError when it is none. */
export function frameJson(frame: Frame): unknown {
  return JSON.parse(new TextDecoder().decode(frame.payload));
}

/** The frames of one item that goes to a program. */
function* inputFrames(item: ProcessInput): Generator<Uint8Array> {
  if (item.type === "stdin") return yield* encodeFrames(frameType.stdin, item.bytes);
  const { type, ...value } = item;
  yield encodeJsonFrame(frameType[type], value);
}

/**
 * A request's body: the spec, then what goes to the program as it comes. Nothing is taken from
 * `input` before the body is read past its head.
 */
export function requestFrames(
  spec: unknown,
  input: ReadableStream<ProcessInput>,
): ReadableStream<Uint8Array> {
  let reader: Reader | undefined;
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => controller.enqueue(encodeJsonFrame(frameType.spec, spec)),
      async pull(controller) {
        reader ??= input.getReader();
        const next = await reader.read();
        if (next.done) return controller.close();
        for (const frame of inputFrames(next.value)) controller.enqueue(frame);
      },
      cancel: (reason) => reader?.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

/** What of a stream's reader is the same in the types of Bun and of Node. */
interface Reader {
  read(): Promise<{ done: true } | { done: false; value: ProcessInput }>;
  cancel(reason: unknown): Promise<void>;
}

/** The frames of one item that comes from a program. */
export function* outputFrames(item: ProcessOutput): Generator<Uint8Array> {
  if ("bytes" in item) return yield* encodeFrames(frameType[item.type], item.bytes);
  const { type, ...value } = item;
  yield encodeJsonFrame(frameType[type], value);
}

/** The item in a client's frame; null for one that goes to no program. Throws `usage`. */
export function inputItem(frame: Frame): ProcessInput | null {
  if (frame.type === frameType.stdin) return { type: "stdin", bytes: frame.payload };
  if (frame.type !== frameType.resize && frame.type !== frameType.signal) return null;
  const value = fieldsOf(frame);
  if (!value) throw new NexoraError("usage", "a frame does not hold a JSON object");
  if (frame.type === frameType.signal) return { type: "signal", signal: String(value.signal) };
  return { type: "resize", columns: Number(value.columns), rows: Number(value.rows) };
}

/**
 * The item in a program's frame; null for an unknown one. Throws the error that an `error` frame is,
 * and a FramingError for what is none of ours.
 */
export function outputItem(frame: Frame): ProcessOutput | null {
  if (frame.type === frameType.stdout) return { type: "stdout", bytes: frame.payload };
  if (frame.type === frameType.stderr) return { type: "stderr", bytes: frame.payload };
  const isKnown: readonly number[] = [frameType.started, frameType.result, frameType.error];
  if (!isKnown.includes(frame.type)) return null;
  const value = fieldsOf(frame);
  if (!value) throw new FramingError("a frame does not hold a JSON object");
  if (frame.type === frameType.error) throw NexoraError.fromJSON(value);
  if (frame.type === frameType.started) return { type: "started", pid: wholeIn(value.pid) ?? 0 };
  const { exitCode, signal, timedOut, durationMs } = value;
  return {
    type: "result",
    exitCode: wholeIn(exitCode),
    signal: typeof signal === "string" && signalName.test(signal) ? signal : null,
    timedOut: timedOut === true,
    durationMs: typeof durationMs === "number" ? durationMs : 0,
  };
}

/** As signal(7) has them, real-time ones too: `SIGKILL`, `SIGRTMIN+1`. */
const signalName = /^SIG[A-Z0-9+-]{1,12}$/;

/** A pid or an exit code; null for what is neither. */
function wholeIn(value: unknown): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/** The fields of a frame's JSON; null when it is no object. */
function fieldsOf(frame: Frame): Record<string, unknown> | null {
  try {
    const value: unknown = frameJson(frame);
    return typeof value === "object" && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}

/**
 * Cuts a byte stream into frames. Throws a FramingError on an oversized frame and when the
 * stream ends inside one: a truncated stream never looks complete.
 */
export async function* readFrames(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Frame> {
  /** What has come of the next frame, and what may follow it. */
  let held: Uint8Array[] = [];
  let length = 0;
  /** Bytes that the next frame needs before there is anything to do. */
  let needed = headLength;
  for await (const chunk of source) {
    held.push(chunk);
    length += chunk.length;
    if (length < needed) continue;
    // Joined once for each frame, not for each chunk: a frame may come in many.
    const bytes = held.length === 1 ? chunk : Buffer.concat(held, length);
    let at = 0;
    needed = headLength;
    while (bytes.length - at >= headLength) {
      const payload = new DataView(bytes.buffer, bytes.byteOffset + at + 1, 4).getUint32(0);
      if (payload > maxFramePayload)
        throw new FramingError(`a frame of ${payload} bytes is too long`);
      const end = at + headLength + payload;
      if (bytes.length < end) {
        needed = headLength + payload;
        break;
      }
      yield { type: bytes[at] ?? 0, payload: bytes.subarray(at + headLength, end) };
      at = end;
    }
    length = bytes.length - at;
    held = length === 0 ? [] : [bytes.subarray(at)];
  }
  if (length > 0) throw new FramingError("the stream ended inside a frame");
}
