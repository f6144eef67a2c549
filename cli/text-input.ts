import { usageError } from "./usage.ts";

/**
 * All of standard input as text, to the last byte. Throws `usage` for what is not UTF-8, or longer than
 * so many characters; `hint` says what takes it.
 */
export async function textFromInput(maxCharacters: number, hint: string): Promise<string> {
  const tooLong = () =>
    usageError(`standard input is longer than ${maxCharacters} characters`, hint);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of Bun.stdin.stream()) {
    length += chunk.length;
    if (length > maxCharacters * 4) throw tooLong();
    chunks.push(chunk);
  }
  let text: string;
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    text = decoder.decode(Buffer.concat(chunks));
  } catch {
    throw usageError("standard input is not UTF-8 text", hint);
  }
  if (text.length > maxCharacters) throw tooLong();
  return text;
}
