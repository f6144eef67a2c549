import { type FrameType, limits, TunnelError } from "./protocol.ts";

const headerLength = 9;

/** One frame around a payload of at most `limits.payload` bytes. */
export function encodeFrame(
  type: FrameType,
  stream: number,
  payload: Uint8Array = new Uint8Array(0),
): Uint8Array {
  const frame = new Uint8Array(headerLength + payload.length);
  const view = new DataView(frame.buffer);
  view.setUint8(0, type);
  view.setUint32(1, stream);
  view.setUint32(5, payload.length);
  frame.set(payload, headerLength);
  return frame;
}

/** A payload that is one u32. */
export function encodeNumber(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

/** Reads a payload that is one u32. Throws TunnelError when it is not. */
export function decodeNumber(payload: Uint8Array): number {
  if (payload.length !== 4) throw new TunnelError("a frame's number has not four bytes");
  return new DataView(payload.buffer, payload.byteOffset).getUint32(0);
}

type Take = (type: number, stream: number, payload: Uint8Array) => void;

/** Cuts a byte stream into frames. Holds less than one frame. */
export class FrameReader {
  private readonly held = new Uint8Array(headerLength + limits.payload);
  private have = 0;

  /**
   * Calls `take` for each frame that is complete now; its payload is only valid during the call.
   * Throws TunnelError for one that is too long.
   */
  push(bytes: Uint8Array, take: Take): void {
    for (let at = 0; at < bytes.length; ) {
      // The usual case: the whole frame is there, and nothing is copied.
      if (this.have === 0 && bytes.length - at >= headerLength) {
        const end = at + frameLength(bytes.subarray(at));
        if (end <= bytes.length) {
          deliver(bytes.subarray(at, end), take);
          at = end;
          continue;
        }
      }
      const part = bytes.subarray(at, at + this.wanted() - this.have);
      this.held.set(part, this.have);
      this.have += part.length;
      at += part.length;
      if (this.have < this.wanted()) continue;
      const frame = this.held.subarray(0, this.have);
      this.have = 0;
      deliver(frame, take);
    }
  }

  /** Length of the frame that is held in part, as far as it is known. */
  private wanted(): number {
    return this.have < headerLength ? headerLength : frameLength(this.held);
  }
}

function frameLength(bytes: Uint8Array): number {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(5);
  if (length > limits.payload) throw new TunnelError(`a frame of ${length} bytes is too long`);
  return headerLength + length;
}

function deliver(frame: Uint8Array, take: Take): void {
  const stream = new DataView(frame.buffer, frame.byteOffset).getUint32(1);
  take(frame[0] as number, stream, frame.subarray(headerLength));
}
