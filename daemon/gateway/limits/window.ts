const slotMs = 1000;
/** One more than a minute has, so that what counts is never less than the last 60 s. */
const slots = 61;

/**
 * What was taken in the last minute, to the second. A bucket that is refilled steadily would give
 * twice its limit in the first minute: all that it holds, and what flows in. This gives no more
 * than the limit in any 60 s, wherever they begin. Amounts are whole numbers, times milliseconds of a
 * clock that does not go back.
 */
export class Window {
  private readonly taken = new Array<number>(slots).fill(0);
  private newest = 0;
  private sum = 0;

  /** Milliseconds until `amount` more fits below the limit: 0 now, null never. */
  wait(amount: number, limit: number, now: number): number | null {
    this.advance(now);
    let excess = this.sum + amount - limit;
    if (excess <= 0) return 0;
    if (amount > limit) return null;
    for (let slot = this.newest - slots + 1; slot <= this.newest; slot++) {
      excess -= this.at(slot);
      if (excess <= 0) return (slot + slots) * slotMs - now;
    }
    return slots * slotMs;
  }

  /** Takes it, whether it fits or not. Returns the time by which it can be corrected. */
  take(amount: number, now: number): number {
    this.advance(now);
    this.add(this.newest, amount);
    return this.newest;
  }

  /**
   * Corrects what was taken: less is given back to its own second, if that still counts; more
   * counts from now on.
   */
  correct(taken: number, by: number, now: number): void {
    this.advance(now);
    if (by > 0) this.add(this.newest, by);
    else if (taken > this.newest - slots) this.add(taken, by);
  }

  private add(slot: number, amount: number): void {
    this.taken[slot % slots] = this.at(slot) + amount;
    this.sum += amount;
  }

  private at(slot: number): number {
    return slot < 0 ? 0 : (this.taken[slot % slots] ?? 0);
  }

  private advance(now: number): void {
    const current = Math.floor(now / slotMs);
    const first = Math.max(this.newest + 1, current - slots + 1);
    for (let slot = first; slot <= current; slot++) this.add(slot, -this.at(slot));
    this.newest = Math.max(this.newest, current);
  }
}
