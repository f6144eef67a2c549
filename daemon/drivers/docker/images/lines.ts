/** Longest line that is kept; the rest of a longer one is dropped. */
const maxLine = 4096;

/** The lines of a program's output, without empty ones. */
export async function* lines(source: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of source) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split(/[\r\n]+/);
    rest = (parts.pop() ?? "").slice(0, maxLine);
    for (const part of parts) if (part.trim() !== "") yield part.slice(0, maxLine);
  }
  if (rest.trim() !== "") yield rest;
}
