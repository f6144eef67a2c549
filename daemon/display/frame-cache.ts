/** What is held costs this many bytes. */
interface Sized {
  bytes: Uint8Array;
}

/** Values by key, made once also for concurrent callers; the least recently used go first. */
export class FrameCache<T extends Sized> {
  /** Insertion order is the order of use. */
  private readonly entries = new Map<string, { value: Promise<T>; length: number }>();
  private length = 0;

  constructor(private readonly maxBytes: number) {}

  /** The value of `key`; `make` runs, at once, only when there is none. A failure is not kept. */
  get(key: string, make: () => Promise<T>): Promise<T> {
    const held = this.entries.get(key);
    if (held) {
      this.entries.delete(key);
      this.entries.set(key, held);
      return held.value;
    }
    const entry = { value: make(), length: 0 };
    this.entries.set(key, entry);
    entry.value.then(
      ({ bytes }) => {
        entry.length = bytes.length;
        this.length += bytes.length;
        this.shrink();
      },
      () => this.entries.delete(key),
    );
    return entry.value;
  }

  private shrink(): void {
    for (const [key, { length }] of this.entries) {
      if (this.length <= this.maxBytes) return;
      // Length 0: still being made.
      if (length === 0) continue;
      this.entries.delete(key);
      this.length -= length;
    }
  }
}
