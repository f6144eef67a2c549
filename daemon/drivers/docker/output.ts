import { type LineOptions, LineSplitter } from "../../../src/lines.ts";

/** Longest line that is kept, in bytes; what a program writes beyond it is cut. */
const maxLine = 16 * 1024;

/** A piece of what a container wrote. */
export interface OutputPart {
  stream: "stdout" | "stderr";
  bytes: Uint8Array;
}

/**
 * Takes a multiplexed stream of the engine apart (Docker Engine API, "Stream format": a byte of
 * stream type, three of zero, a big-endian u32 length, that many bytes).
 */
export async function* demultiplex(source: AsyncIterable<Uint8Array>): AsyncGenerator<OutputPart> {
  const header = new Uint8Array(8);
  let have = 0;
  let left = 0;
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; ) {
      if (left > 0) {
        const bytes = chunk.subarray(at, at + left);
        at += bytes.length;
        left -= bytes.length;
        yield { stream: header[0] === 2 ? "stderr" : "stdout", bytes };
        continue;
      }
      const part = chunk.subarray(at, at + 8 - have);
      header.set(part, have);
      have += part.length;
      at += part.length;
      if (have < 8) break;
      have = 0;
      left = new DataView(header.buffer).getUint32(4);
    }
  }
}

/**
 * The lines of a multiplexed stream. Standard output and error are cut into lines apart; control
 * characters are dropped, overlong lines are cut.
 */
export async function* readLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const options: LineOptions = { maxBytes: maxLine, overlong: "cut" };
  const splitters = { stdout: new LineSplitter(options), stderr: new LineSplitter(options) };
  for await (const { stream, bytes } of demultiplex(source)) {
    for (const line of splitters[stream].push(bytes)) yield clean(line);
  }
  for (const splitter of [splitters.stdout, splitters.stderr]) {
    for (const line of splitter.end()) yield clean(line);
  }
}

function clean(line: string): string {
  return line.replaceAll(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/g, "");
}
