import { describe, expect, test } from "bun:test";
import sharp from "sharp";
import { revOf } from "../../../../daemon/display/band-hashes.ts";
import { createEncoder, type EncodeOptions } from "../../../../daemon/display/encode.ts";
import { PixelBuffer } from "../../../../daemon/display/framebuffer.ts";

/** A display of 37x20 whose every pixel differs. */
function display(width = 37, height = 20) {
  const framebuffer = new PixelBuffer(width, height);
  for (let y = 0; y < height; y++) {
    const words = Uint32Array.from({ length: width }, (_, x) => (x * 7) | (y << 10) | (x << 17));
    framebuffer.putRow(0, y, words, 0, width);
  }
  return { framebuffer, rev: () => revOf(framebuffer) };
}

function countingEncoder(cacheBytes?: number) {
  const counter = { runs: 0 };
  const load = () => {
    counter.runs++;
    return import("sharp");
  };
  return {
    counter,
    encoder: createEncoder({ sharp: load, ...(cacheBytes ? { cacheBytes } : {}) }),
  };
}

const png: EncodeOptions = { format: "png", quality: 80 };
const half: EncodeOptions = { ...png, scale: "0.5" };

async function pixelsOf(bytes: Uint8Array): Promise<Buffer> {
  return sharp(bytes).ensureAlpha().raw().toBuffer();
}

describe("an encoded frame", () => {
  for (const width of [36, 37]) {
    test(`as PNG decodes to the display's pixels, ${width} wide`, async () => {
      const shown = display(width);
      const frame = await countingEncoder().encoder.encode(shown, png);
      expect(frame).toMatchObject({ format: "png", width, height: 20, scaleX: 1, scaleY: 1 });
      expect(frame).toMatchObject({ offsetX: 0, offsetY: 0, rev: shown.rev() });
      expect((await pixelsOf(frame.bytes)).equals(shown.framebuffer.pixels)).toBe(true);
    });
  }

  test("of a region, scaled, says how to map coordinates back", async () => {
    const region = { x: 8, y: 4, width: 20, height: 10 };
    const frame = await countingEncoder().encoder.encode(display(), {
      ...png,
      region,
      scale: "10x10",
    });
    expect(frame).toMatchObject({ width: 10, height: 5, scaleX: 2, scaleY: 2 });
    expect(frame).toMatchObject({ offsetX: 8, offsetY: 4 });
    expect(await sharp(frame.bytes).metadata()).toMatchObject({ width: 10, height: 5 });
  });

  test("has the format asked for", async () => {
    for (const format of ["png", "jpeg", "webp"] as const) {
      const { bytes } = await countingEncoder().encoder.encode(display(), { ...png, format });
      expect((await sharp(bytes).metadata()).format).toBe(format);
    }
  });

  test("is not torn by updates while it is encoded", async () => {
    const shown = display(400, 300);
    const before = Buffer.from(shown.framebuffer.pixels);
    const pending = countingEncoder().encoder.encode(shown, png);
    for (let y = 0; y < 300; y++) shown.framebuffer.putRow(0, y, new Uint32Array(400), 0, 400);
    expect((await pixelsOf((await pending).bytes)).equals(before)).toBe(true);
  });
});

describe("the encoder", () => {
  test("encodes an unchanged frame once, also for callers at the same time", async () => {
    const { counter, encoder } = countingEncoder();
    const shown = display();
    for (const options of [png, half]) {
      const both = [encoder.encode(shown, options), encoder.encode(shown, options)];
      const frames = await Promise.all(both);
      frames.push(await encoder.encode(shown, { ...options, quality: 1 }));
      expect(new Set(frames).size).toBe(1);
    }
    expect(counter.runs).toBe(1);
    shown.framebuffer.putRow(0, 0, Uint32Array.of(0x112233), 0, 1);
    await encoder.encode(shown, half);
    expect(counter.runs).toBe(2);
  });

  test("makes a PNG of the whole desktop without sharp", async () => {
    const { counter, encoder } = countingEncoder();
    await encoder.encode(display(), png);
    await encoder.encode(display(), { ...png, region: { x: 0, y: 3, width: 37, height: 4 } });
    expect(counter.runs).toBe(0);
  });

  test("forgets the least recently used frames when they are too many bytes", async () => {
    const shown = display();
    const { length } = (await countingEncoder().encoder.encode(shown, half)).bytes;
    const { counter, encoder } = countingEncoder(Math.floor(length * 1.5));
    await encoder.encode(shown, half);
    shown.framebuffer.putRow(0, 0, Uint32Array.of(0x112233), 0, 1);
    await encoder.encode(shown, half);
    await encoder.encode(shown, half);
    expect(counter.runs).toBe(2);
    shown.framebuffer.putRow(0, 0, Uint32Array.of(0), 0, 1);
    await encoder.encode(shown, half);
    expect(counter.runs).toBe(3);
  });

  test("stops waiting when its caller does", async () => {
    const signal = AbortSignal.abort(new Error("gone"));
    await expect(countingEncoder().encoder.encode(display(), png, signal)).rejects.toThrow("gone");
  });

  test("says what is missing, and tries again, when sharp cannot be loaded", async () => {
    let works = false;
    const load = () => (works ? import("sharp") : Promise.reject(new Error("noexec")));
    const encoder = createEncoder({ sharp: load });
    await expect(encoder.encode(display(), half)).rejects.toThrow("could not be encoded (noexec)");
    works = true;
    expect((await encoder.encode(display(), half)).width).toBe(19);
  });
});
