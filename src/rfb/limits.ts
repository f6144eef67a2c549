import { RfbError } from "./error.ts";

/** What we accept from a server, which is as hostile as any other peer. */
export const limits = {
  /** Largest width or height of a framebuffer, in pixels. */
  side: 16_384,
  /** Largest framebuffer, in pixels. */
  pixels: 64 * 1024 * 1024,
  /** Resizes at once, and in the long run in a second. */
  resizes: 10,
  resizesPerSecond: 4,
  /** Longest reason or desktop name, in bytes. */
  string: 64 * 1024,
  /** Longest clipboard text, in bytes. */
  cutText: 1024 * 1024,
  /** Largest width or height of a cursor, in pixels. */
  cursorSide: 1024,
} as const;

/** Throws unless a framebuffer of this size is one that we would allocate. */
export function checkSize(width: number, height: number, maxPixels: number = limits.pixels): void {
  if (
    width < 1 ||
    height < 1 ||
    width > limits.side ||
    height > limits.side ||
    width * height > limits.pixels
  ) {
    throw new RfbError(`the display has an impossible size, ${width}x${height}`);
  }
  if (width * height > maxPixels) {
    throw new RfbError(`the display has become larger than it was made, ${width}x${height}`);
  }
}

/** Counts how often a desktop changes its size, which allocates all of it anew. */
export class ResizeLimit {
  private left: number = limits.resizes;
  private counted = performance.now();

  /** Throws when there are too many. */
  take(): void {
    const now = performance.now();
    const gained = ((now - this.counted) / 1000) * limits.resizesPerSecond;
    this.left = Math.min(limits.resizes, this.left + gained) - 1;
    this.counted = now;
    if (this.left < 0) throw new RfbError("the display resizes the desktop over and over");
  }
}

/** Throws when a length that the server announces is over its limit. */
export function checkLength(what: string, length: number, limit: number): void {
  if (length > limit)
    throw new RfbError(`${what} of ${length} bytes is over the limit of ${limit}`);
}
