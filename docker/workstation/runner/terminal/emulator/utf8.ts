const replacement = 0xfffd;

/** Decodes UTF-8 as xterm does, which takes a stray byte before text for a character of its own. */
export class Utf8 {
  private missing = 0;
  private code = 0;

  constructor(private readonly emit: (code: number) => void) {}

  /** A character has begun and not ended. */
  get isPending(): boolean {
    return this.missing > 0;
  }

  /** `next` is the byte after it, if it is there already. */
  decode(byte: number, next: number | undefined): void {
    if (byte >= 0x80 && byte < 0xc0) this.continue(byte, next);
    else {
      if (this.missing > 0) this.emit(replacement);
      this.missing = 0;
      if (byte < 0x80) this.emit(byte);
      else this.begin(byte);
    }
  }

  private begin(byte: number): void {
    if (byte >= 0xfe) {
      this.emit(replacement);
      return;
    }
    const length = [0xe0, 0xf0, 0xf8, 0xfc].findIndex((limit) => byte < limit);
    this.missing = length < 0 ? 5 : length + 1;
    this.code = byte & (0x3f >> this.missing);
    if (this.missing === 1 && (byte & 0x1e) === 0) this.code = replacement;
  }

  private continue(byte: number, next: number | undefined): void {
    if (this.missing === 0) {
      this.emit(next !== undefined && next > 0x20 && next < 0x80 ? byte : replacement);
      return;
    }
    // Longer than it needs to be.
    if (this.code === 0 && (byte & 0x7f) >> (7 - this.missing) === 0) this.code = replacement;
    this.code = this.code * 64 + (byte & 0x3f);
    const { code } = this;
    if ((code >= 0xd800 && code <= 0xdfff) || code === 0xfffe || code === 0xffff) {
      this.code = replacement;
    }
    if (--this.missing === 0) this.emit(this.code > 0x10ffff ? replacement : this.code);
  }
}
