/** How much later than its end the engine may tell that a container had run out of memory. */
const lateMs = 500;

/**
 * Which workstations the kernel has killed something in for want of memory. The engine's own word,
 * `OOMKilled`, is missing when the container's end has overtaken that event.
 */
export class MemoryKills {
  private readonly sessions = new Set<string>();
  private readonly waiting = new Map<string, PromiseWithResolvers<void>>();

  /** The engine has told of one. */
  note(session: string): void {
    this.sessions.add(session);
    this.waiting.get(session)?.resolve();
  }

  /** The session has another container, or none any more. */
  forget(session: string): void {
    this.sessions.delete(session);
  }

  /** Whether there was one by `endedAt` (milliseconds since the epoch); waits if that is just now. */
  async by(session: string, endedAt: number): Promise<boolean> {
    const leftMs = endedAt + lateMs - Date.now();
    if (!this.sessions.has(session) && leftMs > 0) {
      const told = this.waiting.get(session) ?? Promise.withResolvers<void>();
      this.waiting.set(session, told);
      const timer = setTimeout(told.resolve, leftMs);
      await told.promise;
      clearTimeout(timer);
      this.waiting.delete(session);
    }
    return this.sessions.has(session);
  }
}
