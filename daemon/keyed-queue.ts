import { within } from "../src/abort.ts";

/** Runs tasks one after the other for each key; those of different keys do not wait for each other. */
export class KeyedQueue {
  private readonly tails = new Map<string, Promise<void>>();

  /**
   * Runs `task` when all earlier ones of the key have ended. One that is aborted while it waits
   * never starts (`interrupted` or `timeout`), and those behind it go on waiting for those before it.
   */
  async run<T>(key: string, task: () => Promise<T> | T, signal?: AbortSignal): Promise<T> {
    const before = this.tails.get(key) ?? Promise.resolve();
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    const tail = before.then(() => ended);
    this.tails.set(key, tail);
    void tail.then(() => {
      if (this.tails.get(key) === tail) this.tails.delete(key);
    });
    try {
      await within(before, signal);
      return await task();
    } finally {
      end();
    }
  }

  /** Whether a task of the key runs or waits. */
  busy(key: string): boolean {
    return this.tails.has(key);
  }

  /** Resolves once there are no tasks. */
  async idle(): Promise<void> {
    while (this.tails.size > 0) await Promise.all(this.tails.values());
  }
}
