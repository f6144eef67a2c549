import { RfbError } from "./error.ts";

/** What we accept from a server, which is as hostile as any other peer. */
export const limits = {
  /** Largest width or height of a framebuffer, in pixels. */
  side: 16_384,
  /** Largest framebuffer, in pixels. */
  pixels: 64 * 1024 * 1024,
  /** Longest reason or desktop name, in bytes. */
  string: 64 * 1024,
  /** Longest clipboard text, in bytes. */
  cutText: 1024 * 1024,
  /** Largest width or height of a cursor, in pixels. */
  cursorSide: 1024,
} as const;

/** Throws unless a framebuffer of this size is one that we would allocate. */
export function checkSize(width: number, height: number): void {
  if (
    width < 1 ||
    height < 1 ||
    width > limits.side ||
    height > limits.side ||
    width * height > limits.pixels
  ) {
    throw new RfbError(`the display has an impossible size, ${width}x${height}`);
  }
}

/** Throws when a length that the server announces is over its limit. */
export function checkLength(what: string, length: number, limit: number): void {
  if (length > limit)
    throw new RfbError(`${what} of ${length} bytes is over the limit of ${limit}`);
}
