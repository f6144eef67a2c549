import { delay } from "../../src/abort.ts";

const windowMs = 100;

/** Lets so many things through in a tenth of a second, and makes the others wait for the next. */
export class Pace {
  private taken = 0;
  private windowEnd = 0;

  constructor(
    private readonly most: number,
    private readonly signal: AbortSignal,
  ) {}

  async take(): Promise<void> {
    const now = performance.now();
    if (now >= this.windowEnd) {
      this.windowEnd = now + windowMs;
      this.taken = 0;
    }
    if (++this.taken > this.most) {
      await delay(this.windowEnd - now, this.signal);
      this.windowEnd = performance.now() + windowMs;
      this.taken = 1;
    }
  }
}
