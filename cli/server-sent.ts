import { readLines } from "../src/lines.ts";

/** The data of each server-sent event (HTML Standard, section 9.2.6), as it comes. */
export async function* readServerSent(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let data: string[] = [];
  for await (const text of readLines(source)) {
    const line = text.endsWith("\r") ? text.slice(0, -1) : text;
    if (line === "") {
      if (data.length > 0) yield data.join("\n");
      data = [];
    } else if (line.startsWith("data:")) {
      data.push(line.slice(line[5] === " " ? 6 : 5));
    }
  }
}
