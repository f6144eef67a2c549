import { expect, test } from "bun:test";
import { readServerSent } from "../../../cli/server-sent.ts";

async function* pieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

test.each([1, 3, 1000])(
  "events in pieces of %d bytes are read whole, all else is passed over",
  async (size) => {
    const text =
      ': hello\n\nid: 1\nevent: ready\ndata: {"a":"é"}\n\ndata:two\r\ndata: lines\r\n\r\nid: 3\n\ndata: cut';
    expect(await Array.fromAsync(readServerSent(pieces(text, size)))).toEqual([
      '{"a":"é"}',
      "two\nlines",
    ]);
  },
);
