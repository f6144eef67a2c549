/** Rows that xterm moves by for a notch of the wheel (its default translations: `scroll-back(5,line,m)`). */
const rowsOfNotch = 5;
/**
 * How long an xterm may take to do what it was told, in milliseconds: output that comes sooner may be shown
 * before the wheel is heeded, or together with what lets output scroll.
 */
const lateMs = 1_000;

/**
 * Whether an xterm may show older rows than those that the terminal has now: it keeps to itself how far it is
 * scrolled back. So what may have scrolled it is counted, upwards as what goes furthest (half a page),
 * downwards as what goes least. Output takes it to the end, unless a program has switched that off (1010).
 */
export class ScrollBack {
  /** By so many rows at most. */
  private rows = 0;
  /** From when on it has surely heeded the wheel, and what lets output scroll. */
  private wheelHeededAt = 0;
  private modeHeededAt = 0;

  /** Why the text may not be what the xterm shows; null when it is. */
  get doubt(): string | null {
    if (this.rows === 0) return null;
    return "somebody has scrolled it: until there is output after a key, or after a second, it may show older rows, which only the picture shows";
  }

  /** `above`: the rows that are kept above the screen; `now` in milliseconds. */
  turned(
    direction: "up" | "down",
    { rows, above }: { rows: number; above: number },
    now: number,
  ): void {
    const by = direction === "up" ? Math.max(rowsOfNotch, Math.ceil(rows / 2)) : -rowsOfNotch;
    this.rows = Math.max(0, Math.min(this.rows + by, above));
    if (direction === "up") this.wheelHeededAt = now + lateMs;
  }

  /** A key has come through it: it heeds the wheel and keys one after the other. */
  typed(now: number): void {
    this.wheelHeededAt = Math.min(this.wheelHeededAt, now);
  }

  /** Output is about to be shown; `scrolls`: it takes the xterm to the end. */
  output(now: number, scrolls: boolean): void {
    if (!scrolls) this.modeHeededAt = now + lateMs;
    else if (now >= Math.max(this.wheelHeededAt, this.modeHeededAt)) this.rows = 0;
  }
}
