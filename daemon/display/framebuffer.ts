import type { Rectangle, Surface } from "../../src/rfb/surface.ts";
import { bandRows, type Framebuffer, type Region } from "./types.ts";

const opaque = 0xff00_0000;
/** Above so many changed regions in one update, their bounding box says enough. */
const maxRegions = 64;

/** A framebuffer that knows which of its pixels have really changed. */
export class PixelBuffer implements Framebuffer, Surface {
  readonly pixels: Uint8Array;
  readonly bandChanges: Uint32Array;
  private readonly words: Uint32Array;
  private changes: Region[] = [];
  // Bounds of what has changed in the current rectangle; empty while right is 0.
  private left = Number.POSITIVE_INFINITY;
  private top = Number.POSITIVE_INFINITY;
  private right = 0;
  private bottom = 0;

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.words = new Uint32Array(width * height).fill(opaque);
    this.pixels = new Uint8Array(this.words.buffer);
    this.bandChanges = new Uint32Array(Math.ceil(height / bandRows));
  }

  putRow(x: number, y: number, pixels: Uint32Array, from: number, count: number): void {
    const { words } = this;
    const start = y * this.width + x;
    let first = -1;
    let last = -1;
    for (let i = 0; i < count; i++) {
      const pixel = ((pixels[from + i] as number) | opaque) >>> 0;
      if (words[start + i] !== pixel) {
        words[start + i] = pixel;
        if (first < 0) first = i;
        last = i;
      }
    }
    if (first < 0) return;
    const band = Math.floor(y / bandRows);
    this.bandChanges[band] = (this.bandChanges[band] ?? 0) + 1;
    this.left = Math.min(this.left, x + first);
    this.right = Math.max(this.right, x + last + 1);
    this.top = Math.min(this.top, y);
    this.bottom = Math.max(this.bottom, y + 1);
  }

  copy(source: { x: number; y: number }, target: Rectangle): void {
    const { x, y, width, height } = target;
    for (let i = 0; i < height; i++) {
      // Downwards moves start at the bottom, so that no row is read after it was overwritten.
      const row = source.y < y ? height - 1 - i : i;
      const from = (source.y + row) * this.width + source.x;
      this.putRow(x, y + row, this.words.slice(from, from + width), 0, width);
    }
  }

  endRectangle(): void {
    if (this.right === 0) return;
    const { left, top, right, bottom } = this;
    this.changes.push({ x: left, y: top, width: right - left, height: bottom - top });
    if (this.changes.length > maxRegions) this.changes = [bounds(this.changes)];
    this.left = this.top = Number.POSITIVE_INFINITY;
    this.right = this.bottom = 0;
  }

  /** The regions that have changed since the last call. */
  takeChanges(): readonly Region[] {
    const changes = this.changes;
    if (changes.length > 0) this.changes = [];
    return changes;
  }

  /** A buffer of another size that shows what fits of this one; all of it counts as changed. */
  resized(width: number, height: number): PixelBuffer {
    const next = new PixelBuffer(width, height);
    const columns = Math.min(width, this.width);
    for (let y = 0; y < Math.min(height, this.height); y++) {
      const from = y * this.width;
      next.words.set(this.words.subarray(from, from + columns), y * width);
    }
    next.changes = [{ x: 0, y: 0, width, height }];
    return next;
  }
}

function bounds(regions: readonly Region[]): Region {
  const x = Math.min(...regions.map((region) => region.x));
  const y = Math.min(...regions.map((region) => region.y));
  return {
    x,
    y,
    width: Math.max(...regions.map((region) => region.x + region.width)) - x,
    height: Math.max(...regions.map((region) => region.y + region.height)) - y,
  };
}
