import { constants, inflateRawSync } from "node:zlib";
import { RfbError } from "../error.ts";

/** How far back deflate refers, in bytes (RFC 1951 §2). */
const windowSize = 32 * 1024;

/**
 * One zlib stream that comes in pieces, each ended by a sync flush, as every ZRLE server sends.
 * At such a point deflate's whole state is its last 32 KiB, so a piece can be inflated by one
 * synchronous call that gets them as its dictionary.
 */
export class Inflater {
  private window = new Uint8Array(0);
  private started = false;

  /** Inflates the next piece. Throws an RfbError when it is corrupt or gives over `limit` bytes. */
  inflate(piece: Uint8Array, limit: number): Uint8Array {
    const body = this.started ? piece : this.withoutHeader(piece);
    let bytes: Uint8Array;
    try {
      bytes = inflateRawSync(body, {
        finishFlush: constants.Z_SYNC_FLUSH,
        maxOutputLength: limit,
        ...(this.window.length === 0 ? {} : { dictionary: this.window }),
      });
    } catch (error) {
      throw new RfbError("the compressed pixels are corrupt", { cause: error });
    }
    this.remember(bytes);
    return bytes;
  }

  /** The two bytes in front of a zlib stream (RFC 1950 §2.2). */
  private withoutHeader(piece: Uint8Array): Uint8Array {
    const [method = 0, flags = 0] = piece;
    const hasDictionary = (flags & 0x20) !== 0;
    if ((method & 0x0f) !== 8 || (method * 256 + flags) % 31 !== 0 || hasDictionary) {
      throw new RfbError("the compressed pixels do not start as a zlib stream does");
    }
    this.started = true;
    return piece.subarray(2);
  }

  private remember(bytes: Uint8Array): void {
    if (bytes.length >= windowSize) {
      this.window = bytes.slice(-windowSize);
      return;
    }
    const kept = this.window.subarray(Math.max(0, this.window.length + bytes.length - windowSize));
    const window = new Uint8Array(kept.length + bytes.length);
    window.set(kept);
    window.set(bytes, kept.length);
    this.window = window;
  }
}
