import { createCipheriv } from "node:crypto";

/** The key that every VNC server has in common, each byte with its bits reversed (RFB VncAuth). */
const key = Buffer.from("e84ad660c4721ae0", "hex");

/**
 * The content of a VNC password file: the first 8 bytes, padded with zeros, in DES-ECB with the
 * fixed key. It is obfuscation, not secrecy: keep the file at mode 600.
 */
export function obfuscateVncPassword(password: string): Uint8Array {
  const block = Buffer.alloc(8);
  block.set(Buffer.from(password, "utf8").subarray(0, 8));
  const cipher = createCipheriv("des-ecb", key, null);
  cipher.setAutoPadding(false);
  return Buffer.concat([cipher.update(block), cipher.final()]);
}
