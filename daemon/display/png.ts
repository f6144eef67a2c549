import { crc32 } from "node:zlib";

/** PNG specification (third edition), 5.2. */
const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
/** RFC 1950: deflate with a window of 32 KiB, compressed fast. */
const zlibHeader = Uint8Array.of(0x78, 0x01);
/** RFC 1951, 3.2.6: the last block, by the fixed code, with nothing in it. */
const lastBlock = Uint8Array.of(0x03, 0x00);
/** RFC 1950, 8.2: the largest prime below 65536. */
const adlerBase = 65_521;

/** Rows of a picture, as part of a PNG's data. */
export interface Band {
  /** Raw deflate blocks that end on a byte and refer to nothing before them; none is the last. */
  bytes: Uint8Array;
  /** Adler-32 of the rows, each with the byte of its filter in front. */
  adler: number;
  /** Length of these rows in bytes. */
  length: number;
}

/** A PNG of 8-bit RGB, of bands that were compressed apart. */
export function pngOf(width: number, height: number, bands: readonly Band[]): Uint8Array {
  const data = bands.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const length = zlibHeader.length + data + lastBlock.length + 4;
  const png = Buffer.allocUnsafe(signature.length + 25 + 12 + length + 12);
  png.set(signature);
  let at = signature.length;
  const put = (bytes: Uint8Array) => {
    png.set(bytes, at);
    at += bytes.length;
  };
  const chunk = (type: string, size: number, fill: () => void) => {
    png.writeUInt32BE(size, at);
    png.write(type, at + 4, "latin1");
    const start = at + 4;
    at += 8;
    fill();
    at = png.writeUInt32BE(crc32(png.subarray(start, at)) >>> 0, at);
  };
  chunk("IHDR", 13, () => put(headerOf(width, height)));
  chunk("IDAT", length, () => {
    put(zlibHeader);
    for (const { bytes } of bands) put(bytes);
    put(lastBlock);
    at = png.writeUInt32BE(bands.reduce(joinedAdler, 1), at);
  });
  chunk("IEND", 0, () => {});
  return png;
}

/** IHDR: size, 8 bits, truecolour, not interlaced. */
function headerOf(width: number, height: number): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return header;
}

/**
 * Adler-32 of what has the checksum `before`, followed by a band. By its definition (RFC 1950, 8.2) the low half is 1 plus the
 * sum of the bytes, and the high half the sum of all values of the low one: each of those of the band was
 * 1 too low by as much as came before.
 */
function joinedAdler(before: number, { adler, length }: Band): number {
  const [low, high] = [before & 0xffff, before >>> 16];
  const [bandLow, bandHigh] = [adler & 0xffff, adler >>> 16];
  const newLow = (low + bandLow + adlerBase - 1) % adlerBase;
  const newHigh = (high + bandHigh + (length % adlerBase) * (low + adlerBase - 1)) % adlerBase;
  return newHigh * 65_536 + newLow;
}
