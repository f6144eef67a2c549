import { createHash, timingSafeEqual } from "node:crypto";

/** SHA-256 of a secret, as hex: all that is kept of it. A random secret needs no salt and no stretching. */
export function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** Whether a secret has this hash, in constant time. */
export function hasHash(secret: string, hash: string): boolean {
  return timingSafeEqual(Buffer.from(hashOf(secret)), Buffer.from(hash));
}
