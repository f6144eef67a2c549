import { expect, test } from "bun:test";
import { readLines } from "../../../../../daemon/drivers/docker/output.ts";

const stdout = 1;
const stderr = 2;

function part(stream: number, text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  const framed = new Uint8Array(8 + bytes.length);
  framed[0] = stream;
  new DataView(framed.buffer).setUint32(4, bytes.length);
  framed.set(bytes, 8);
  return framed;
}

async function linesOf(parts: Uint8Array[], chunkSize = 1 << 20): Promise<string[]> {
  const bytes = Buffer.concat(parts);
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += chunkSize) yield bytes.subarray(at, at + chunkSize);
  }
  return Array.fromAsync(readLines(chunks()));
}

test("lines are found however the stream is cut", async () => {
  const parts = [part(stdout, "one\ntwö"), part(stdout, "\n\nthree")];
  for (let size = 1; size < 30; size++) {
    expect(await linesOf(parts, size)).toEqual(["one", "twö", "", "three"]);
  }
});

test("standard output and error do not run into each other", async () => {
  const parts = [part(stdout, "out "), part(stderr, "err\n"), part(stdout, "put\n")];
  expect(await linesOf(parts)).toEqual(["err", "out put"]);
});

test("control characters cannot reach the reader's terminal", async () => {
  expect(await linesOf([part(stdout, "\u001b[2Jred\u009b31m\u0007\tx\r\n")])).toEqual([
    "[2Jred31m\tx",
  ]);
});

test("an endless line is cut", async () => {
  const piece = part(stdout, "x".repeat(10_000));
  const [line] = await linesOf([piece, piece, piece, part(stdout, "\n")]);
  expect(line?.length).toBe(16 * 1024);
});

test("an empty part and a truncated stream do no harm", async () => {
  const cut = part(stdout, "whole\ncut off").subarray(0, 17);
  expect(await linesOf([part(stdout, ""), cut])).toEqual(["whole", "cut"]);
});
