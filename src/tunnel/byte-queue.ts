/** Smallest block, in bytes. */
const blockLength = 16 * 1024;

/**
 * Bytes that wait for a slow reader. They are copied into blocks: ten thousand pieces of one byte
 * take no more memory than one piece of ten thousand, and keep no larger buffer alive.
 */
export class ByteQueue {
  private readonly blocks: { bytes: Uint8Array; from: number; to: number }[] = [];
  private total = 0;

  get length(): number {
    return this.total;
  }

  push(bytes: Uint8Array): void {
    this.total += bytes.length;
    const tail = this.blocks.at(-1);
    let rest = bytes;
    if (tail) {
      const part = bytes.subarray(0, tail.bytes.length - tail.to);
      tail.bytes.set(part, tail.to);
      tail.to += part.length;
      rest = bytes.subarray(part.length);
    }
    if (rest.length === 0) return;
    // A queue that is read at once needs no room to grow.
    const block = new Uint8Array(tail ? Math.max(blockLength, rest.length) : rest.length);
    block.set(rest);
    this.blocks.push({ bytes: block, from: 0, to: rest.length });
  }

  /** The oldest bytes, which stay; null when there are none. */
  peek(): Uint8Array | null {
    const [head] = this.blocks;
    return head ? head.bytes.subarray(head.from, head.to) : null;
  }

  /** Removes that many of the bytes that `peek` has shown. */
  drop(count: number): void {
    const [head] = this.blocks;
    if (!head) return;
    head.from += count;
    this.total -= count;
    if (head.from >= head.to) this.blocks.shift();
  }

  /** The oldest bytes, which go; null when there are none. */
  take(): Uint8Array | null {
    const bytes = this.peek();
    if (bytes) this.drop(bytes.length);
    return bytes;
  }

  clear(): void {
    this.blocks.length = 0;
    this.total = 0;
  }
}
