import { RfbError } from "../error.ts";

/** Reads ZRLE tiles (RFC 6143 §7.7.6) from inflated bytes. Throws an RfbError at their end. */
export class TileReader {
  private at = 0;
  private readonly pixels = new Uint32Array(64 * 64);
  private readonly palette = new Uint32Array(127);

  constructor(private readonly bytes: Uint8Array) {}

  /** The next tile's pixels, row after row; valid until the next call. */
  tile(width: number, height: number): Uint32Array {
    const count = width * height;
    const kind = this.byte();
    if (kind === 0) {
      for (let i = 0; i < count; i++) this.pixels[i] = this.cpixel();
    } else if (kind === 1) {
      this.pixels.fill(this.cpixel(), 0, count);
    } else if (kind <= 16) {
      this.readPalette(kind);
      this.packed(width, height, kind);
    } else if (kind === 128) {
      this.runs(count, () => this.cpixel());
    } else if (kind >= 130) {
      this.readPalette(kind - 128);
      this.paletteRuns(count, kind - 128);
    } else {
      throw new RfbError(`ZRLE has no tile of type ${kind}`);
    }
    return this.pixels;
  }

  /** Throws when bytes are left over: then we have not read what the server meant. */
  end(): void {
    const left = this.bytes.length - this.at;
    if (left > 0) throw new RfbError(`a ZRLE rectangle has ${left} bytes too many`);
  }

  private packed(width: number, height: number, size: number): void {
    const bits = size === 2 ? 1 : size <= 4 ? 2 : 4;
    const mask = (1 << bits) - 1;
    for (let y = 0, i = 0; y < height; y++) {
      let byte = 0;
      let left = 0;
      for (let x = 0; x < width; x++, i++) {
        if (left === 0) {
          byte = this.byte();
          left = 8;
        }
        left -= bits;
        this.pixels[i] = this.colour((byte >> left) & mask, size);
      }
    }
  }

  private runs(count: number, next: () => number): void {
    for (let i = 0; i < count; ) {
      const pixel = next();
      i = this.fill(i, count, pixel, this.runLength());
    }
  }

  private paletteRuns(count: number, size: number): void {
    for (let i = 0; i < count; ) {
      const code = this.byte();
      const pixel = this.colour(code & 0x7f, size);
      i = this.fill(i, count, pixel, code & 0x80 ? this.runLength() : 1);
    }
  }

  private fill(from: number, count: number, pixel: number, length: number): number {
    if (from + length > count) throw new RfbError("a ZRLE run leaves its tile");
    this.pixels.fill(pixel, from, from + length);
    return from + length;
  }

  /** A length above 255 is so many bytes of 255, then the rest; always one less than it means. */
  private runLength(): number {
    let length = 1;
    for (;;) {
      const byte = this.byte();
      length += byte;
      if (byte !== 255) return length;
    }
  }

  private readPalette(size: number): void {
    for (let i = 0; i < size; i++) this.palette[i] = this.cpixel();
  }

  private colour(index: number, size: number): number {
    if (index >= size) throw new RfbError(`a ZRLE palette of ${size} has no colour ${index}`);
    return this.palette[index] as number;
  }

  /** A CPIXEL: with our pixel format the bytes R G B. */
  private cpixel(): number {
    if (this.at + 3 > this.bytes.length) throw ended();
    const at = this.at;
    this.at += 3;
    return (
      (this.bytes[at] as number) |
      ((this.bytes[at + 1] as number) << 8) |
      ((this.bytes[at + 2] as number) << 16)
    );
  }

  private byte(): number {
    if (this.at >= this.bytes.length) throw ended();
    return this.bytes[this.at++] as number;
  }
}

function ended(): RfbError {
  return new RfbError("a ZRLE rectangle ends inside a tile");
}
