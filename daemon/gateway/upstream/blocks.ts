const lineFeed = 10;
const carriageReturn = 13;

/**
 * Cuts an event stream into blocks, as they are on the wire: an event or comments, with the blank line
 * that ends them (WHATWG HTML, 9.2.6: lines end in LF, CR LF or CR). What is passed on block by block
 * is never half an event.
 */
export class Blocks {
  private held: Uint8Array[] = [];
  private heldBytes = 0;
  private lineIsEmpty = true;
  private afterReturn = false;

  /** `maxBytes`: longest block; `overlong` makes the error that a longer one is. */
  constructor(
    private readonly maxBytes: number,
    private readonly overlong: () => Error,
  ) {}

  /** The blocks that end in this chunk, which must not change afterwards. */
  push(chunk: Uint8Array): Uint8Array[] {
    const blocks: Uint8Array[] = [];
    let from = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at];
      if (byte === lineFeed && this.afterReturn) {
        // The second half of a line's end.
        this.afterReturn = false;
        if (at > from || this.heldBytes > 0) continue;
        blocks.push(chunk.subarray(from, at + 1));
        from = at + 1;
      } else if (byte === lineFeed || byte === carriageReturn) {
        this.afterReturn = byte === carriageReturn;
        if (!this.lineIsEmpty) {
          this.lineIsEmpty = true;
          continue;
        }
        const isPair = this.afterReturn && chunk[at + 1] === lineFeed;
        if (isPair) {
          at++;
          this.afterReturn = false;
        }
        blocks.push(this.take(chunk.subarray(from, at + 1)));
        from = at + 1;
      } else {
        this.lineIsEmpty = false;
        this.afterReturn = false;
      }
    }
    this.hold(chunk.subarray(from));
    return blocks;
  }

  private take(end: Uint8Array): Uint8Array {
    if (this.heldBytes === 0) return end;
    const block = Buffer.concat([...this.held, end]);
    this.held = [];
    this.heldBytes = 0;
    return block;
  }

  private hold(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.held.push(bytes);
    this.heldBytes += bytes.length;
    if (this.heldBytes > this.maxBytes) throw this.overlong();
  }
}
