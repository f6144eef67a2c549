/** Longest rest that a provider can ask for, in milliseconds. */
const longestMs = 3600_000;

/** What a provider has asked to leave alone for a while, by `retry-after`. */
export class Rests {
  private readonly until = new Map<string, number>();

  constructor(private readonly now: () => number = Date.now) {}

  rest(id: string, ms: number): void {
    this.until.set(id, this.now() + Math.min(ms, longestMs));
  }

  /** Milliseconds that it is to be left alone yet. */
  leftOf(id: string): number {
    if (this.until.size === 0) return 0;
    const until = this.until.get(id);
    if (until === undefined) return 0;
    const left = until - this.now();
    if (left > 0) return left;
    this.until.delete(id);
    return 0;
  }
}
