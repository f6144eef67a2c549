import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

/** AES-256. */
export const keyBytes = 32;
/** NIST SP 800-38D recommends 96-bit nonces and a 128-bit tag for GCM. */
export const nonceBytes = 12;
const tagBytes = 16;

export interface Sealed {
  /** 12 bytes, new for each text. */
  nonce: Uint8Array;
  /** With the tag of 16 bytes at its end. */
  ciphertext: Uint8Array;
}

/** Encrypts a text with AES-256-GCM. `boundTo` is authenticated with it: it opens for that alone. */
export function seal(key: Uint8Array, text: string, boundTo: string): Sealed {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(boundTo));
  const body = [cipher.update(text, "utf8"), cipher.final()];
  return { nonce, ciphertext: Buffer.concat([...body, cipher.getAuthTag()]) };
}

/** Throws when it was changed, belongs to something else, or was sealed with another key. */
export function open(key: Uint8Array, { nonce, ciphertext }: Sealed, boundTo: string): string {
  if (nonce.length !== nonceBytes || ciphertext.length < tagBytes) {
    throw new Error("it is not a sealed text");
  }
  const decipher = createDecipheriv("aes-256-gcm", key, nonce)
    .setAAD(Buffer.from(boundTo))
    .setAuthTag(ciphertext.subarray(-tagBytes));
  const text = decipher.update(ciphertext.subarray(0, -tagBytes));
  return Buffer.concat([text, decipher.final()]).toString("utf8");
}
