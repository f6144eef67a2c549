export interface LineOptions {
  /** Longest line, in bytes. @default 1 MiB */
  maxBytes?: number;
  /**
   * What becomes of a longer one: its rest is dropped (`cut`), it is taken for several lines
   * (`split`), or this error is thrown. @default "split"
   */
  overlong?: "cut" | "split" | (() => Error);
  /** Whether a carriage return ends a line too; between one and a line feed is an empty line. */
  carriageReturns?: boolean;
}

/** The lines of a UTF-8 byte stream as they come, without their ends. */
export async function* readLines(
  source: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>,
  options?: LineOptions,
): AsyncGenerator<string> {
  const splitter = new LineSplitter(options);
  for await (const chunk of source) yield* splitter.push(chunk);
  yield* splitter.end();
}

const lineFeed = 10;
const carriageReturn = 13;

/** Puts lines together from chunks that are cut anywhere, also within a character. */
export class LineSplitter {
  private readonly maxBytes: number;
  private readonly decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  /** Grows up to `maxBytes`; the line so far is its first `length` bytes. */
  private held = new Uint8Array(256);
  private length = 0;
  private isCut = false;

  constructor(private readonly options: LineOptions = {}) {
    this.maxBytes = options.maxBytes ?? 1024 * 1024;
  }

  /** The lines that end in this chunk. Throws the error for overlong lines, if there is one. */
  *push(chunk: Uint8Array | string): Generator<string> {
    const bytes = typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk;
    let from = 0;
    for (let end = this.endIn(bytes, 0); end >= 0; end = this.endIn(bytes, from)) {
      yield* this.hold(bytes.subarray(from, end));
      yield this.take();
      from = end + 1;
    }
    yield* this.hold(bytes.subarray(from));
  }

  /** The last line, when nothing ends it. */
  *end(): Generator<string> {
    if (this.length > 0) yield this.take();
  }

  private endIn(bytes: Uint8Array, from: number): number {
    if (!this.options.carriageReturns) return bytes.indexOf(lineFeed, from);
    for (let at = from; at < bytes.length; at++) {
      if (bytes[at] === lineFeed || bytes[at] === carriageReturn) return at;
    }
    return -1;
  }

  private *hold(bytes: Uint8Array): Generator<string> {
    const { overlong = "split" } = this.options;
    let rest = bytes;
    for (;;) {
      const room = this.maxBytes - this.length;
      this.append(rest.subarray(0, room));
      if (rest.length <= room) return;
      if (typeof overlong === "function") throw overlong();
      this.isCut = true;
      if (overlong === "cut") return;
      yield this.take();
      rest = rest.subarray(room);
    }
  }

  private append(bytes: Uint8Array): void {
    const length = this.length + bytes.length;
    if (length > this.held.length) {
      const larger = new Uint8Array(Math.min(this.maxBytes, Math.max(length, 2 * this.length)));
      larger.set(this.held.subarray(0, this.length));
      this.held = larger;
    }
    this.held.set(bytes, this.length);
    this.length = length;
  }

  private take(): string {
    // What is cut may end within a character: `split` goes on with it, `cut` drops it.
    const text = this.decoder.decode(this.held.subarray(0, this.length), { stream: this.isCut });
    if (this.isCut && this.options.overlong === "cut") this.decoder.decode();
    this.length = 0;
    this.isCut = false;
    return text;
  }
}
