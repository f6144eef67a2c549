/** Longest line that is held, in characters; longer ones are cut into several. */
const maxLine = 1024 * 1024;

/** The lines of a UTF-8 byte stream as they come, without their ends. */
export async function* readLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let held = "";
  for await (const chunk of source) {
    const lines = (held + decoder.decode(chunk, { stream: true })).split("\n");
    held = lines.pop() ?? "";
    yield* lines;
    if (held.length > maxLine) {
      yield held;
      held = "";
    }
  }
  if (held !== "") yield held;
}
