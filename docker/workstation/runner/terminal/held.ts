import { LineEnds } from "./line-ends.ts";

const endOfFile = 0x04;
const interrupt = 0x03;
/** Ctrl+C, Ctrl+Z, Ctrl+\: the kernel sends a signal and drops what has not been read. */
const signals = [interrupt, 0x1a, 0x1c];
/** Control characters that belong to a text: Tab, BackSpace. */
const textual = [0x09, 0x08];

/** A part of what was typed: a line, or what has been typed of one. */
export interface Piece {
  bytes: Uint8Array;
  /**
   * Why it goes by itself: it ends a `line`; it may end a file or a program (`ending`: Ctrl+C,
   * Ctrl+D); or it is a `key` that came alone, which programs must not take for part of a text.
   */
  end: "line" | "ending" | "key" | null;
}

/** What was typed and the terminal has not been given yet. */
export class HeldInput {
  /** Bytes, and ended lines, in all. */
  size = 0;
  lines = 0;
  private pieces: Piece[] = [];
  /** How it is cut, where it begins and where it ends: a paste may have begun between them. */
  private readonly beginning = new LineEnds();
  private lineEnds = new LineEnds();

  /** Adds what has come at once. */
  add(bytes: Uint8Array): void {
    let at = 0;
    for (const last of this.lineEnds.in(bytes)) {
      const isEnding = bytes[last] === interrupt || bytes[last] === endOfFile;
      this.push({ bytes: bytes.subarray(at, last + 1), end: isEnding ? "ending" : "line" });
      at = last + 1;
    }
    if (at < bytes.length) {
      this.push({ bytes: bytes.subarray(at), end: isKey(bytes) ? "key" : null });
    }
  }

  /** Takes so many lines, or what there is of them up to a piece that goes by itself. */
  take(lines: number): Piece {
    let count = 0;
    let end: Piece["end"] = null;
    let taken = 0;
    for (const piece of this.pieces) {
      if (piece.end === "ending" && count > 0) break;
      taken++;
      end = piece.end ?? end;
      if (piece.end === "line") count++;
      if (piece.end === "ending" || piece.end === "key" || count === lines) break;
    }
    return { bytes: this.shift(taken), end };
  }

  /** Takes all up to the last that makes a signal; null when there is none. */
  takeSignal(): Uint8Array | null {
    const last = this.pieces.findLastIndex(({ bytes }) => signals.some((it) => bytes.includes(it)));
    return last < 0 ? null : this.shift(last + 1);
  }

  /** Puts other bytes in the place of each piece. */
  rewrite(change: (bytes: Uint8Array) => Uint8Array): void {
    const { pieces } = this;
    this.clear();
    this.lineEnds = this.beginning.copy();
    for (const { bytes } of pieces) this.add(change(bytes));
  }

  clear(): void {
    this.pieces = [];
    this.size = 0;
    this.lines = 0;
  }

  private push(piece: Piece): void {
    this.pieces.push(piece);
    this.size += piece.bytes.length;
    this.lines += Number(piece.end === "line");
  }

  private shift(count: number): Uint8Array {
    const pieces = this.pieces.splice(0, count);
    const bytes = Buffer.concat(pieces.map((piece) => piece.bytes));
    this.beginning.in(bytes);
    this.size -= bytes.length;
    this.lines -= pieces.filter(({ end }) => end === "line").length;
    return bytes;
  }
}

function isKey(bytes: Uint8Array): boolean {
  const code = bytes[0] ?? 0;
  return bytes.length === 1 && code < 0x20 && !textual.includes(code);
}
