/** One holder at a time for each key; waiters go in order. */
export class KeyedMutex {
  private readonly tails = new Map<string, Promise<void>>();

  async run<T>(key: string, action: () => Promise<T> | T): Promise<T> {
    const before = this.tails.get(key);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.tails.set(key, promise);
    try {
      await before;
      return await action();
    } finally {
      resolve();
      if (this.tails.get(key) === promise) this.tails.delete(key);
    }
  }

  /** Whether somebody holds the key. */
  busy(key: string): boolean {
    return this.tails.has(key);
  }

  /** Resolves once nobody holds any key. */
  async idle(): Promise<void> {
    while (this.tails.size > 0) await Promise.all(this.tails.values());
  }
}
