/** Callers whose place in one log is known; the one that began first is forgotten when there are more. */
const maxCallers = 100;

/** How far each caller has read each log: who only looks takes nothing from others. */
export class Cursors {
  private readonly places = new WeakMap<object, Map<string, number>>();

  /** The number of the entry that a caller was told last; 0: none. */
  of(log: object, caller: string): number {
    return this.places.get(log)?.get(caller) ?? 0;
  }

  move(log: object, caller: string, to: number): void {
    const places = this.places.get(log) ?? new Map<string, number>();
    this.places.set(log, places);
    places.set(caller, to);
    const [oldest] = places.keys();
    if (places.size > maxCallers && oldest !== undefined) places.delete(oldest);
  }
}
