/** Items that a slow reader may leave unread before it is cut off. */
const maxBacklog = 1000;

interface Numbered {
  /** Grows with every item. */
  id: number;
}

export interface FollowOptions<T> {
  /** The latest kept items, or all that came after an id; oldest first. */
  past: (since: number | undefined) => Promise<T[]>;
  /** Only what comes after this id. */
  since: number | undefined;
  wanted: (item: T) => boolean;
  signal: AbortSignal;
}

/** Hands kept records to who listens, with those from before, without a gap and in order. */
export class Feed<T extends Numbered> {
  private readonly listeners = new Set<(item: T) => void>();

  /** Tells listeners of an item that is kept by now. */
  publish(item: T): void {
    for (const listener of this.listeners) listener(item);
  }

  /** What is kept, and then what comes, until `signal` aborts or the reader falls too far behind. */
  async *follow({ past, since, wanted, signal }: FollowOptions<T>): AsyncGenerator<T> {
    const backlog: T[] = [];
    let wake: () => void = () => {};
    const listener = (item: T) => {
      if (wanted(item)) backlog.push(item);
      wake();
    };
    const onAbort = () => wake();
    this.listeners.add(listener);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      let last = since ?? 0;
      let kept = await past(since);
      while (kept.length > 0) {
        for (const item of kept) {
          last = item.id;
          yield item;
        }
        // Without `since` the latest few were asked for; with it, all that came after.
        kept = since === undefined ? [] : await past(last);
      }
      while (!signal.aborted) {
        const item = backlog.shift();
        if (item && item.id > last) yield item;
        if (backlog.length > maxBacklog) return;
        if (backlog.length === 0 && !signal.aborted) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    } finally {
      this.listeners.delete(listener);
      signal.removeEventListener("abort", onAbort);
    }
  }
}
