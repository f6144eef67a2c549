/** Pauses between looks at what no event tells: each is twice as long as the one before, up to a longest. */
export class GrowingPause {
  private nextMs: number;
  private wake: () => void = () => {};

  constructor(
    private readonly firstMs: number,
    private readonly longestMs: number,
  ) {
    this.nextMs = firstMs;
  }

  /** Resolves when the pause is over, or was ended. */
  async wait(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, this.nextMs);
    this.nextMs = Math.min(this.nextMs * 2, this.longestMs);
    this.wake = resolve;
    await promise;
    clearTimeout(timer);
  }

  /** Ends the pause. */
  end(): void {
    this.wake();
  }

  /** Ends the pause, and begins with short ones again. */
  restart(): void {
    this.nextMs = this.firstMs;
    this.wake();
  }
}
