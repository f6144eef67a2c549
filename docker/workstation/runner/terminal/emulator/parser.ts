import { space } from "./line.ts";
import { combine } from "./print.ts";
import { Run } from "./run.ts";
import { Sequences } from "./sequences.ts";
import { Utf8 } from "./utf8.ts";
import type { Vt } from "./vt.ts";

/** Turns bytes into what happens on a terminal. */
export class Parser {
  private readonly utf8 = new Utf8((code) => this.feed(code));
  private readonly sequences: Sequences;
  private readonly run: Run;

  constructor(private readonly vt: Vt) {
    this.sequences = new Sequences(vt);
    this.run = new Run(vt);
  }

  write(bytes: Uint8Array): void {
    const { length } = bytes;
    let at = 0;
    while (at < length) {
      const byte = bytes[at] ?? 0;
      if (this.sequences.isGround && byte >= space && byte < 0x7f && !this.utf8.isPending) {
        let end = at + 1;
        while (end < length && isPlain(bytes[end] ?? 0)) end++;
        this.run.addAscii(bytes, at, end);
        at = end;
      } else if (this.sequences.isString) {
        this.feed(byte);
        at++;
      } else if (byte < 0x80 && !this.utf8.isPending) {
        this.feed(byte);
        at++;
      } else if (this.feedWhole(bytes, at)) {
        at += byte < 0xe0 ? 2 : 3;
      } else {
        if (this.vt.sets[this.vt.rightShift] !== "ascii") {
          this.vt.doubt = "a program writes in another encoding than UTF-8";
        }
        this.utf8.decode(byte, bytes[at + 1]);
        at++;
      }
    }
    this.run.flush();
  }

  /** The usual character of two or three bytes that are all there. */
  private feedWhole(bytes: Uint8Array, at: number): boolean {
    if (this.utf8.isPending || this.vt.sets[this.vt.rightShift] !== "ascii") return false;
    const first = bytes[at] ?? 0;
    const second = (bytes[at + 1] ?? 0) ^ 0x80;
    const third = (bytes[at + 2] ?? 0) ^ 0x80;
    if (first < 0xc2 || first >= 0xf0 || second > 0x3f) return false;
    if (first < 0xe0) this.feed(((first & 0x1f) << 6) | second);
    else {
      const code = ((first & 0x0f) << 12) | (second << 6) | third;
      if (third > 0x3f || code < 0x800 || (code >= 0xd800 && code < 0xe000) || code > 0xfffd) {
        return false;
      }
      this.feed(code);
    }
    return true;
  }

  private feed(code: number): void {
    const { vt } = this;
    const width = code < 0x300 ? 1 : vt.width(code);
    if (code >= 0x300 && width === 0 && !isFormatter(code)) {
      this.run.flush();
      if (combine(vt, code)) return;
    }
    if (
      this.sequences.isGround &&
      code >= space &&
      code !== 0x7f &&
      (code < 0x80 || code >= 0xa0)
    ) {
      if (isFormatter(code)) return;
      this.run.add(code, width === 2);
      return;
    }
    this.run.flush();
    this.sequences.step(code);
    if (this.sequences.isGround) vt.lastCharacter = -1;
  }
}

function isPlain(byte: number): boolean {
  return byte >= space && byte < 0x7f;
}

/** Characters of no width that xterm does not take for combining ones. */
function isFormatter(code: number): boolean {
  if (code < 0x200b) return false;
  return (
    code <= 0x200f ||
    (code >= 0x202a && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x206f) ||
    code === 0xfeff ||
    (code >= 0xfff9 && code <= 0xfffb)
  );
}
