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
  /** A chunk of raw deflate blocks that end on a byte and refer to nothing before them; none is the last. */
  bytes: Uint8Array;
  /** Adler-32 of the rows, each with the byte of its filter in front. */
  adler: number;
  /** Length of these rows in bytes. */
  length: number;
}

/** Data as a chunk: what several of them hold is one stream (11.2.3). */
export function dataChunk(data: Uint8Array): Uint8Array {
  return chunk("IDAT", data);
}

/** A PNG of 8-bit RGB, of bands that were compressed apart. */
export function pngOf(width: number, height: number, bands: readonly Band[]): Uint8Array {
  const end = Buffer.alloc(lastBlock.length + 4);
  end.set(lastBlock);
  end.writeUInt32BE(bands.reduce(joinedAdler, 1), lastBlock.length);
  return Buffer.concat([
    ...[signature, chunk("IHDR", headerOf(width, height)), dataChunk(zlibHeader)],
    ...bands.map(({ bytes }) => bytes),
    ...[dataChunk(end), chunk("IEND", new Uint8Array(0))],
  ]);
}

/** 5.3: length, type, data, and the CRC of the last two. */
function chunk(type: "IHDR" | "IDAT" | "IEND", data: Uint8Array): Uint8Array {
  const bytes = Buffer.allocUnsafe(data.length + 12);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, "latin1");
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, data.length + 8)) >>> 0, data.length + 8);
  return bytes;
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
