/** What stands where a provider has sent our key back. */
const instead = "[key]";

/** A text without the key, should a provider have put it there. */
export function withoutKey(text: string, key: string | null): string {
  if (key === null) return text;
  // In JSON some characters of a key may be escaped.
  return formsOf(key).reduce((rest, form) => rest.replaceAll(form, instead), text);
}

function formsOf(key: string): string[] {
  if (!/["\\/]/.test(key)) return [key];
  const escaped = JSON.stringify(key).slice(1, -1);
  return [...new Set([key, escaped, escaped.replaceAll("/", "\\/")])];
}

/** Bytes without the key; the same ones when it is not in them. */
export function bytesWithoutKey(bytes: Uint8Array, key: string | null): Uint8Array {
  if (key === null) return bytes;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return formsOf(key).some((form) => buffer.includes(form))
    ? Buffer.from(withoutKey(buffer.toString("utf8"), key))
    : bytes;
}
