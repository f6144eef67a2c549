import { PixelBuffer } from "../../../daemon/display/framebuffer.ts";
import { RfbClient } from "../../../src/rfb/client.ts";
import type { Cursor } from "../../../src/rfb/encodings/cursor.ts";

/** A client with a framebuffer that notes what it says; with `deaf`, only what it must handle. */
export function recordingClient({ password = "s3cr3t-p", deaf = false } = {}) {
  const said = {
    sent: [] as Uint8Array[],
    sizes: [] as string[],
    updates: 0,
    complete: false,
    fences: [] as Uint8Array[],
    answers: [] as number[],
    cursors: [] as Cursor[],
    texts: [] as string[],
    bells: 0,
    buffer: new PixelBuffer(1, 1),
  };
  const optional = {
    resizeAnswered: (status: number) => said.answers.push(status),
    cursor: (cursor: Cursor) => said.cursors.push(cursor),
    bell: () => said.bells++,
    cutText: (text: string) => said.texts.push(text),
  };
  const client = new RfbClient(
    { password },
    {
      send: (bytes) => said.sent.push(bytes),
      resized: (width, height) => {
        said.sizes.push(`${width}x${height}`);
        said.buffer = said.buffer.resized(width, height);
        return said.buffer;
      },
      updated: (complete) => {
        said.updates++;
        said.complete = complete;
      },
      fenced: (payload) => said.fences.push(payload),
      ...(deaf ? {} : optional),
    },
  );
  return { client, said };
}

/** A client that has shaken hands with a display of this size, and nothing more. */
export function connectedClient(width: number, height: number, options: { deaf?: boolean } = {}) {
  const recording = recordingClient(options);
  recording.client.push(bytes(greeting, new Uint8Array(16), u32(0), serverInit(width, height)));
  recording.said.sent.length = 0;
  return recording;
}

/** "RFB 003.008", one security type: VncAuth. */
export const greeting = bytes("RFB 003.008\n", [1, 2]);

export function serverInit(width: number, height: number): Uint8Array {
  return bytes(u16(width, height), new Uint8Array(16), u32(4), "test");
}

/** A FramebufferUpdate of rectangles made by `rectangle`. */
export function update(...rectangles: Uint8Array[]): Uint8Array {
  return bytes([0, 0], u16(rectangles.length), ...rectangles);
}

export function rectangle(
  [x, y, width, height]: readonly [number, number, number, number],
  encoding: number,
  ...data: (Uint8Array | number[])[]
): Uint8Array {
  return bytes(u16(x, y, width, height), u32(encoding), ...data);
}

export function u16(...values: number[]): number[] {
  return values.flatMap((value) => [value >> 8, value & 0xff]);
}

export function u32(...values: number[]): number[] {
  return values.flatMap((value) => u16((value >>> 16) & 0xffff, value & 0xffff));
}

export function bytes(...parts: (Uint8Array | number[] | string)[]): Uint8Array {
  return Buffer.concat(parts.map((part) => Buffer.from(part as Uint8Array)));
}

/** Pixels as words of 8 hex digits, R G B 255. */
export function hexPixels(pixels: Uint8Array): string[] {
  return Buffer.from(pixels).toString("hex").match(/.{8}/g) ?? [];
}
