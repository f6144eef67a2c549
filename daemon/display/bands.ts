import { promisify } from "node:util";
import { constants, deflateRaw, deflateRawSync } from "node:zlib";
import { BandHashes } from "./band-hashes.ts";
import { FrameCache } from "./frame-cache.ts";
import { type Band, dataChunk, pngOf } from "./png.ts";
import { packRgb } from "./snapshot.ts";
import { bandRows, type Framebuffer, type Region } from "./types.ts";

const deflate = promisify(deflateRaw);
/** Full flush: what follows refers to nothing before it. */
const options = { level: 1, finishFlush: constants.Z_FULL_FLUSH };
/** Bands of a picture that are compressed at once: so few take less time than the way to another thread and back. */
const bandsAtOnce = 2;

type Deflate = (rows: Uint8Array) => Uint8Array | Promise<Uint8Array>;

/**
 * Makes PNGs of frames of which most is as it was: each band of rows is compressed apart, and
 * only when no frame has had it before.
 */
export class BandEncoder {
  private readonly bands: FrameCache<Band>;
  /** So that nobody can show pixels whose hash is that of others. */
  private readonly hashes = new BandHashes(crypto.getRandomValues(new BigUint64Array(1))[0] ?? 0n);
  private scratch = new Uint8Array(0);

  constructor(cacheBytes = 32 * 1024 * 1024) {
    this.bands = new FrameCache(cacheBytes);
  }

  /** The pixels of these rows as they are when it is called; most is compressed on other threads. */
  async encode(framebuffer: Framebuffer, { y: top, height }: Region): Promise<Uint8Array> {
    const { width } = framebuffer;
    const bands: Promise<Band>[] = [];
    let made = 0;
    const make = (rows: Uint8Array) =>
      ++made > bandsAtOnce ? deflate(rows, options) : deflateRawSync(rows, options);
    for (let y = top; y < top + height; y += bandRows) {
      const rows = Math.min(bandRows, top + height - y);
      bands.push(this.band(framebuffer, { x: 0, y, width, height: rows }, make));
    }
    return pngOf(width, height, await Promise.all(bands));
  }

  private band(framebuffer: Framebuffer, region: Region, make: Deflate): Promise<Band> {
    const { y, width, height } = region;
    const hash = this.hashes.of(framebuffer, y, height).toString(36);
    return this.bands.get(`${width} ${hash}`, async () => {
      const rows = this.packed(framebuffer, region);
      const adler = Bun.hash.adler32(rows);
      return { bytes: dataChunk(await make(rows)), adler, length: rows.length };
    });
  }

  /** R G B, with the byte of filter type 0 (none) before each row. */
  private packed(framebuffer: Framebuffer, region: Region): Uint8Array {
    const row = 3 * region.width;
    const size = (row * region.height + 3) & ~3;
    if (this.scratch.length < size) this.scratch = new Uint8Array(size);
    packRgb(framebuffer, region, this.scratch);
    const rows = new Uint8Array((row + 1) * region.height);
    for (let y = 0; y < region.height; y++) {
      rows.set(this.scratch.subarray(y * row, (y + 1) * row), y * (row + 1) + 1);
    }
    return rows;
  }
}
