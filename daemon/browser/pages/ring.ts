interface Numbered {
  id: number;
}

/** How much a ring keeps: the last of many, as long as they are not too long together. */
interface Bounds<T> {
  entries: number;
  characters: number;
  lengthOf(entry: T): number;
}

/** The last of many things, each with a number that only grows, from 1. */
export class Ring<T extends object> {
  private entries: (T & Numbered)[] = [];
  private count = 0;
  /** Characters of `entries`. */
  private length = 0;

  constructor(private readonly most: Bounds<T>) {}

  add(entry: T): T & Numbered {
    const numbered = { ...entry, id: ++this.count };
    this.entries.push(numbered);
    this.length += this.most.lengthOf(entry);
    // In one go for many: a flood must not cost a copy for each.
    const { entries, characters } = this.most;
    if (this.entries.length > entries * 2 || this.length > characters * 2) this.trim();
    return numbered;
  }

  /** The next one is not kept: it takes a number, and is missed. */
  skip(): void {
    this.count++;
  }

  /** The newest of those that are kept. */
  get last(): (T & Numbered) | undefined {
    return this.entries.at(-1);
  }

  /** The number of the newest. */
  get newest(): number {
    return this.count;
  }

  all(): readonly (T & Numbered)[] {
    this.trim();
    return this.entries;
  }

  /** What came after `since`; `missed` of these are not kept. `next` is what to give as `since` the next time. */
  read(since: number): { entries: readonly (T & Numbered)[]; missed: number; next: number } {
    const entries = this.all().filter(({ id }) => id > since);
    const missed = Math.max(0, this.count - since - entries.length);
    return { entries, missed, next: this.count };
  }

  private trim(): void {
    const kept = this.entries.slice(-this.most.entries);
    let length = kept.reduce((sum, entry) => sum + this.most.lengthOf(entry), 0);
    let from = 0;
    for (const entry of kept.slice(0, -1)) {
      if (length <= this.most.characters) break;
      length -= this.most.lengthOf(entry);
      from++;
    }
    this.entries = from > 0 ? kept.slice(from) : kept;
    this.length = length;
  }
}
