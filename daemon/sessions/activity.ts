/**
 * When each session was last used: input, exec, a look at the screen, a waiting or attached
 * client. While something is held, the session counts as in use.
 */
export class Activity {
  private readonly used = new Map<string, number>();
  private readonly holds = new Map<string, Set<Disposable>>();

  constructor(private readonly now: () => number = Date.now) {}

  touch(session: string, at: number = this.now()): void {
    this.used.set(session, at);
  }

  /** In use until it is disposed. */
  hold(session: string): Disposable {
    const held = this.holds.get(session) ?? new Set();
    this.holds.set(session, held);
    const hold = {
      [Symbol.dispose]: () => {
        // What was held when the session ended has nothing to say of its next life.
        if (!held.delete(hold) || this.holds.get(session) !== held) return;
        if (held.size === 0) this.holds.delete(session);
        this.touch(session);
      },
    };
    held.add(hold);
    return hold;
  }

  /** The time of the last use, in milliseconds since the epoch; now while it is held. */
  lastUsed(session: string): number | undefined {
    return this.holds.has(session) ? this.now() : this.used.get(session);
  }

  forget(session: string): void {
    this.used.delete(session);
    this.holds.delete(session);
  }
}
