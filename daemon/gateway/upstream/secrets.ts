/** What stands where a provider has sent our key back. */
const instead = "[key]";

/** A text without the key, should a provider have put it there. */
export function withoutKey(text: string, key: string | null): string {
  return key === null || !text.includes(key) ? text : text.replaceAll(key, instead);
}

/** Bytes without the key; the same ones when it is not in them. */
export function bytesWithoutKey(bytes: Uint8Array, key: string | null): Uint8Array {
  if (key === null) return bytes;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.includes(key) ? Buffer.from(withoutKey(buffer.toString("utf8"), key)) : bytes;
}
