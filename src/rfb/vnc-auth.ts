import { createCipheriv } from "node:crypto";

/**
 * The answer to a VncAuth challenge (RFC 6143 §7.2.2): the 16 bytes, DES-encrypted with the
 * first 8 bytes of the password, each with its bits mirrored.
 */
export function vncAuthResponse(password: string, challenge: Uint8Array): Uint8Array {
  const key = new Uint8Array(8);
  key.set(new TextEncoder().encode(password).subarray(0, 8));
  const cipher = createCipheriv("des-ecb", key.map(mirrored), null);
  cipher.setAutoPadding(false);
  return Buffer.concat([cipher.update(challenge), cipher.final()]);
}

function mirrored(byte: number): number {
  let result = 0;
  for (let bit = 0; bit < 8; bit++) if (byte & (1 << bit)) result |= 0x80 >> bit;
  return result;
}
