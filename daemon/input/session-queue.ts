import { unlessAborted } from "./abort.ts";

/** Runs tasks one after the other for each session; sessions do not wait for each other. */
export class SessionQueue {
  private readonly tails = new Map<string, Promise<void>>();

  /**
   * Runs `task` when all earlier ones of the session have ended. A task that is aborted while
   * it waits never starts, and those behind it go on waiting for those before it.
   */
  async run<T>(session: string, task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const before = this.tails.get(session) ?? Promise.resolve();
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    const tail = before.then(() => ended);
    this.tails.set(session, tail);
    void tail.then(() => {
      if (this.tails.get(session) === tail) this.tails.delete(session);
    });
    try {
      await unlessAborted(before, signal);
      return await task();
    } finally {
      end();
    }
  }
}
