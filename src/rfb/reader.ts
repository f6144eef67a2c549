/**
 * A protocol written as it reads: a generator that yields how many bytes it needs next and is
 * given exactly those, valid until it yields again.
 */
export type Reading<T> = Generator<number, T, Uint8Array>;

/** A fixed-size part of a message as a DataView (RFB is big-endian, as DataView is). */
export function* readView(length: number): Reading<DataView> {
  const bytes = yield length;
  return new DataView(bytes.buffer, bytes.byteOffset, length);
}

export function* readU8(): Reading<number> {
  return (yield* readView(1)).getUint8(0);
}

export function* readU32(): Reading<number> {
  return (yield* readView(4)).getUint32(0);
}

/** Runs a `Reading` over chunks of any length. */
export class ChunkReader {
  private chunks: Uint8Array[] = [];
  /** Position in the first chunk. */
  private at = 0;
  private held = 0;
  private needed: number;

  constructor(private readonly program: Reading<void>) {
    this.needed = this.advance(program.next());
  }

  /**
   * Reads on while `goOn` says so, which is asked before each step; true when it has read all that
   * there is. Throws what the program throws; it must not be called again after that.
   */
  push(chunk: Uint8Array, goOn: () => boolean = () => true): boolean {
    if (chunk.length > 0) this.chunks.push(chunk);
    this.held += chunk.length;
    while (this.held >= this.needed) {
      if (!goOn()) return false;
      this.needed = this.advance(this.program.next(this.take(this.needed)));
    }
    return true;
  }

  private advance(step: IteratorResult<number, void>): number {
    return step.done ? Number.POSITIVE_INFINITY : step.value;
  }

  private take(length: number): Uint8Array {
    this.held -= length;
    const first = this.chunks[0] ?? new Uint8Array(0);
    if (first.length - this.at >= length) {
      const bytes = first.subarray(this.at, this.at + length);
      this.skip(length);
      return bytes;
    }
    const bytes = new Uint8Array(length);
    for (let filled = 0; filled < length; ) {
      const part = this.chunks[0]?.subarray(this.at, this.at + length - filled);
      if (!part) throw new RangeError("more bytes are taken than are held");
      bytes.set(part, filled);
      filled += part.length;
      this.skip(part.length);
    }
    return bytes;
  }

  private skip(length: number): void {
    this.at += length;
    while (this.chunks[0] && this.at >= this.chunks[0].length) {
      this.at -= this.chunks[0].length;
      this.chunks.shift();
    }
  }
}
