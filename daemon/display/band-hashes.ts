import { bandRows, type Framebuffer } from "./types.ts";

interface Known {
  /** How often the band had changed when its hash was taken. */
  changes: number;
  hash: bigint;
}

/** Hashes of framebuffers' bands, taken again only of those that have changed. */
export class BandHashes {
  private readonly known = new WeakMap<Framebuffer, Known[]>();

  constructor(private readonly seed: bigint) {}

  /** Of the rows from `y` on, 64 bits. */
  of(framebuffer: Framebuffer, y: number, rows: number): bigint {
    const { bandChanges, height } = framebuffer;
    const isBand = y % bandRows === 0 && rows === Math.min(bandRows, height - y);
    if (!bandChanges || !isBand) return this.hash(framebuffer, y, rows);
    const all = this.known.get(framebuffer) ?? [];
    this.known.set(framebuffer, all);
    const band = y / bandRows;
    const changes = bandChanges[band] ?? 0;
    const known = all[band];
    if (known?.changes === changes) return known.hash;
    const hash = this.hash(framebuffer, y, rows);
    all[band] = { changes, hash };
    return hash;
  }

  private hash({ width, pixels }: Framebuffer, y: number, rows: number): bigint {
    return Bun.hash.wyhash(pixels.subarray(4 * y * width, 4 * (y + rows) * width), this.seed);
  }
}

/** Identity of a picture, from its size and all its pixels: 16 hex digits of a 64-bit hash. */
export function revOf(framebuffer: Framebuffer, hashes = new BandHashes(0n)): string {
  const { width, height } = framebuffer;
  const bands = new BigUint64Array(Math.ceil(height / bandRows));
  for (let band = 0; band < bands.length; band++) {
    const y = band * bandRows;
    bands[band] = hashes.of(framebuffer, y, Math.min(bandRows, height - y));
  }
  const size = (BigInt(width) << 32n) | BigInt(height);
  return Bun.hash.wyhash(bands, size).toString(16).padStart(16, "0");
}
