/** The last of many things, each with a number that only grows, from 1. */
export class Ring<T extends object> {
  private entries: (T & { id: number })[] = [];
  private count = 0;
  /** The number up to which a reader without one of his own has been told. */
  private told = 0;

  constructor(private readonly most: number) {}

  add(entry: T): T & { id: number } {
    const numbered = { ...entry, id: ++this.count };
    this.entries.push(numbered);
    // In one go for many: a flood must not cost a copy for each.
    if (this.entries.length > this.most * 2) this.entries = this.entries.slice(-this.most);
    return numbered;
  }

  /** The newest of those that are kept. */
  get last(): (T & { id: number }) | undefined {
    return this.entries.at(-1);
  }

  /** The number of the newest. */
  get newest(): number {
    return this.count;
  }

  all(): readonly (T & { id: number })[] {
    return this.entries.slice(-this.most);
  }

  /**
   * What came after `since`, or after what was read last without it; `missed` of these are kept no more.
   * `next` is what to give as `since` the next time.
   */
  read(since: number | undefined): {
    entries: readonly (T & { id: number })[];
    missed: number;
    next: number;
  } {
    const from = since ?? this.told;
    const entries = this.all().filter(({ id }) => id > from);
    const missed = Math.max(0, this.count - from - entries.length);
    if (since === undefined) this.told = this.count;
    return { entries, missed, next: this.count };
  }
}
