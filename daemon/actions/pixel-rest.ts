import { after, within } from "../../src/abort.ts";
import type { DisplayLease } from "../display/types.ts";

/** Knows, from its making on, how often and when pixels have changed last. */
export class PixelRest implements Disposable {
  /** How often pixels have changed. */
  changes = 0;
  private changedAt = Number.NEGATIVE_INFINITY;
  private readonly stop: () => void;
  private wake: () => void = () => {};

  constructor(private readonly lease: DisplayLease) {
    this.stop = lease.display.onChange(() => {
      this.changes++;
      this.changedAt = performance.now();
      this.wake();
    });
  }

  /**
   * Resolves with true when pixels have rested for `quietMs` milliseconds, and, if none has changed at
   * all, `firstMs` are over; with false at `end` (performance.now), or when the display ends.
   */
  async until(
    { quietMs, firstMs }: { quietMs: number; firstMs: number },
    end: number,
    signal: AbortSignal,
  ): Promise<boolean> {
    const started = performance.now();
    for (;;) {
      const now = performance.now();
      const rested = this.changes === 0 ? started + firstMs : this.changedAt + quietMs;
      if (now >= rested) return true;
      if (now >= end || this.lease.display.closed) return false;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.wake = resolve;
      const cancel = after(Math.min(rested, end) - now, resolve);
      try {
        await within(promise, signal);
      } finally {
        cancel();
      }
    }
  }

  [Symbol.dispose](): void {
    this.stop();
    this.lease[Symbol.dispose]();
  }
}
