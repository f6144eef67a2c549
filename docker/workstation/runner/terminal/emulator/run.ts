import { print, printPlain } from "./print.ts";
import type { Vt } from "./vt.ts";

/** Characters that are written together: all wide or all narrow. */
export class Run {
  private codes: number[] = [];
  private isWide = false;

  constructor(private readonly vt: Vt) {}

  /** A character. */
  add(code: number, isWide: boolean): void {
    if (isWide !== this.isWide) this.flush();
    this.isWide = isWide;
    this.codes.push(code);
    this.vt.lastCharacter = code;
  }

  /** ASCII without control characters. */
  addAscii(bytes: Uint8Array, from: number, to: number): void {
    const { vt } = this;
    if (this.isWide) this.flush();
    this.isWide = false;
    vt.lastCharacter = bytes[to - 1] ?? 0;
    let at = from;
    if (this.codes.length === 0 && this.isPlainText) at = printPlain(vt, bytes, from, to);
    for (; at < to; at++) this.codes.push(bytes[at] ?? 0);
  }

  /** ASCII can be written as it comes. */
  private get isPlainText(): boolean {
    const { vt } = this;
    const set = vt.sets[vt.shift];
    const isTranslated = set === "graphics" || set === "other";
    return !isTranslated && vt.singleShift === 0 && !vt.modes.insert && vt.protection === "off";
  }

  private printAll(codes: number[]): void {
    const { vt } = this;
    let rest = codes;
    if (vt.singleShift !== 0) {
      print(vt, codes.slice(0, 1), vt.sets[vt.singleShift] ?? "ascii");
      vt.singleShift = 0;
      rest = codes.slice(1);
    }
    if (rest.length > 0) print(vt, rest, vt.sets[vt.shift] ?? "ascii");
  }

  /** To be called before anything else happens. */
  flush(): void {
    if (this.codes.length === 0) return;
    const { codes } = this;
    this.codes = [];
    this.printAll(codes);
  }
}
