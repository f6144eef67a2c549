import { describe, expect, test } from "bun:test";
import { inflateSync } from "node:zlib";
import sharp from "sharp";
import { BandEncoder } from "../../../../daemon/display/bands.ts";
import { PixelBuffer } from "../../../../daemon/display/framebuffer.ts";
import type { Region } from "../../../../daemon/display/types.ts";

/** Pixels that hardly compress, the same ones for each seed. */
function noise(width: number, height: number, seed = 1): PixelBuffer {
  const buffer = new PixelBuffer(width, height);
  let state = seed;
  for (let y = 0; y < height; y++) {
    const words = Uint32Array.from({ length: width }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state;
    });
    buffer.putRow(0, y, words, 0, width);
  }
  return buffer;
}

const whole = ({ width, height }: PixelBuffer): Region => ({ x: 0, y: 0, width, height });

/** The rows as sharp decodes them, with alpha. */
async function decoded(png: Uint8Array): Promise<Buffer> {
  return sharp(png, { failOn: "warning" }).ensureAlpha().raw().toBuffer();
}

/** What the IDAT chunks hold: node's zlib checks the Adler-32 of the joined bands. */
function dataOf(png: Uint8Array): Buffer {
  const bytes = Buffer.from(png);
  const parts: Buffer[] = [];
  for (let at = 8; at < bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    const data = bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at));
    if (bytes.toString("latin1", at + 4, at + 8) === "IDAT") parts.push(data);
  }
  return inflateSync(Buffer.concat(parts));
}

describe("a PNG in bands", () => {
  test.each([
    [640, 480],
    [641, 46],
    [37, 45],
    [1, 1],
    [5, 91],
  ])("of %i × %i pixels is whole, with its checksums", async (width, height) => {
    const buffer = noise(width, height);
    const png = await new BandEncoder().encode(buffer, whole(buffer));
    expect((await decoded(png)).equals(buffer.pixels)).toBe(true);
    expect(dataOf(png).length).toBe((3 * width + 1) * height);
  });

  test("of some rows shows these", async () => {
    const buffer = noise(64, 200);
    const region = { x: 0, y: 70, width: 64, height: 61 };
    const png = await new BandEncoder().encode(buffer, region);
    const rows = Buffer.from(buffer.pixels).subarray(4 * 64 * 70, 4 * 64 * 131);
    expect((await decoded(png)).equals(rows)).toBe(true);
  });

  test("shows what has changed, in whichever band, also when bands are as they were", async () => {
    const buffer = noise(64, 300);
    const encoder = new BandEncoder();
    await encoder.encode(buffer, whole(buffer));
    for (const y of [0, 44, 45, 150, 299]) {
      buffer.putRow(3, y, Uint32Array.of(0x123456), 0, 1);
      const png = await encoder.encode(buffer, whole(buffer));
      expect((await decoded(png)).equals(buffer.pixels)).toBe(true);
    }
  });

  test("shows the pixels as they were when it was asked for", async () => {
    const buffer = noise(640, 480);
    const before = Buffer.from(buffer.pixels);
    const png = new BandEncoder().encode(buffer, whole(buffer));
    for (let y = 0; y < 480; y++) buffer.putRow(0, y, new Uint32Array(640), 0, 640);
    expect((await decoded(await png)).equals(before)).toBe(true);
  });

  test("is right when less can be kept than a frame has", async () => {
    const encoder = new BandEncoder(1);
    for (const seed of [1, 2, 1]) {
      const buffer = noise(64, 200, seed);
      const png = await encoder.encode(buffer, whole(buffer));
      expect((await decoded(png)).equals(buffer.pixels)).toBe(true);
    }
  });
});
