/** Rows that xterm moves by for a notch of the wheel (its default translations: `scroll-back(5,line,m)`). */
const rowsOfNotch = 5;

/**
 * Whether an xterm may show older rows than those that the terminal has now: it keeps to itself how far it is
 * scrolled back. So what may have scrolled it is counted, upwards as what goes furthest (half a page),
 * downwards as what goes least. Output takes it to the end (`scrollTtyOutput`).
 */
export class ScrollBack {
  /** By so many rows at most. */
  private rows = 0;

  /** Why the text may not be what the xterm shows; null when it is. */
  get doubt(): string | null {
    if (this.rows === 0) return null;
    return "somebody has scrolled it: until it gets output, it may show older rows, which only the picture shows";
  }

  /** `above`: the rows that are kept above the screen. */
  turned(direction: "up" | "down", { rows, above }: { rows: number; above: number }): void {
    const by = direction === "up" ? Math.max(rowsOfNotch, Math.ceil(rows / 2)) : -rowsOfNotch;
    this.rows = Math.max(0, Math.min(this.rows + by, above));
  }

  /** The xterm shows the end again. */
  ended(): void {
    this.rows = 0;
  }
}
