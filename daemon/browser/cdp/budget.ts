const windowMs = 100;
const control =
  /^(?:(?:Target|Inspector|Fetch)\.|Page\.(?:javascriptDialog(?:Opening|Closed)|frameNavigated|lifecycleEvent)$)/;

/** Whether an event is one of those without which a tab would wait for ever, or seem to be elsewhere. */
export function isControl(method: string): boolean {
  return control.test(method);
}

/**
 * Lets so many events of each kind through in a tenth of a second. What is above that is dropped
 * before it is read: a page may make a hundred thousand a second, and answers are to get through.
 */
export class EventBudget {
  private readonly taken = new Map<string, number>();
  private windowEnd = 0;

  constructor(private readonly most: number) {}

  /** Whether one more of that kind is let through. */
  take(kind: string, now = performance.now()): boolean {
    if (now >= this.windowEnd) {
      this.windowEnd = now + windowMs;
      this.taken.clear();
    }
    const taken = (this.taken.get(kind) ?? 0) + 1;
    this.taken.set(kind, taken);
    return taken <= this.most;
  }
}
