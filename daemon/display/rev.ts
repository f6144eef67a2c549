import type { Framebuffer } from "./types.ts";

/** Identity of a picture, from its size and all its pixels: 16 hex digits of a 64-bit hash. */
export function revOf({ width, height, pixels }: Framebuffer): string {
  const seed = (BigInt(width) << 32n) | BigInt(height);
  return Bun.hash.wyhash(pixels, seed).toString(16).padStart(16, "0");
}
