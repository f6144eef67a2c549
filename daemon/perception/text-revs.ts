/** Screens that are remembered; the one that was not looked at for longest goes first. */
const maxScreens = 256;
/** Rows of a window's text that are remembered; longer ones are not. */
const maxRows = 5000;
/** Above so many rows it is not looked for how far they have moved. */
const maxMoved = 500;

/** The text of a screen: the rows of each window, by its id, and ` ocr` for what was recognised in it. */
export type Texts = ReadonlyMap<string, readonly string[]>;

/** Remembers texts that were looked at, as hashes of their rows, to tell what has changed since. */
export class TextRevs {
  private readonly screens = new Map<string, Map<string, Float64Array>>();

  /** The identity of a screen's text; equal ones have equal ones. Begins with `t`. */
  remember(texts: Texts): string {
    const hashed = new Map<string, Float64Array>();
    for (const id of [...texts.keys()].sort()) {
      hashed.set(id, Float64Array.from(texts.get(id) ?? [], hashOf));
    }
    const rev = `t${revOf(hashed)}`;
    this.screens.delete(rev);
    if ([...hashed.values()].every(({ length }) => length <= maxRows)) {
      this.screens.set(rev, hashed);
    }
    const [oldest] = this.screens.keys();
    if (this.screens.size > maxScreens && oldest !== undefined) this.screens.delete(oldest);
    return rev;
  }

  /** What there is to compare with; null when that screen is not remembered. */
  since(rev: string): Since | null {
    const before = this.screens.get(rev);
    return before ? new Since(before) : null;
  }
}

/** A screen as it was. */
export class Since {
  constructor(private readonly before: ReadonlyMap<string, Float64Array>) {}

  /**
   * For each row of a window's text, whether it has changed: not when it stands there as it did, or has
   * moved with most others. All of a window that was not there have.
   */
  changed(window: string, rows: readonly string[]): boolean[] {
    const before = this.before.get(window);
    if (!before) return rows.map(() => true);
    const now = rows.map(hashOf);
    const shift = rows.length > maxMoved ? 0 : movedBy(before, now);
    return withGaps(
      now.map((hash, at) => before[at + shift] !== hash),
      rows,
    );
  }

  /** Whether that window's text is what it was, to the last row. */
  isSame(window: string, rows: readonly string[]): boolean {
    const before = this.before.get(window);
    return before?.length === rows.length && rows.every((row, at) => hashOf(row) === before[at]);
  }

  /** The windows that are not among these any more. */
  gone(windows: Iterable<string>): string[] {
    const before = new Set([...this.before.keys()].map((key) => key.split(" ")[0] ?? key));
    return [...before.difference(new Set(windows))];
  }
}

/** Empty rows look alike: those between changed ones have changed with them. */
function withGaps(changed: readonly boolean[], rows: readonly string[]): boolean[] {
  const isFull = (row: string) => row !== "";
  return changed.map((its, at) => {
    if (its || rows[at] !== "") return its;
    const before = rows.slice(0, at).findLastIndex(isFull);
    const after = rows.slice(at).findIndex(isFull);
    return before >= 0 && after >= 0 && changed[before] === true && changed[at + after] === true;
  });
}

function revOf(hashed: ReadonlyMap<string, Float64Array>): string {
  const each = [...hashed].map(([id, rows]) => `${id}:${Bun.hash(rows).toString(16)}`);
  return Bun.hash(each.join()).toString(16).padStart(16, "0");
}

/** 53 bits, exact as a number. */
function hashOf(row: string): number {
  return Number(BigInt(Bun.hash(row)) & 0x1fffffffffffffn);
}

const empty = hashOf("");

/** How many rows further down most of the rows stood before. */
function movedBy(before: Float64Array, now: readonly number[]): number {
  const kept = (shift: number) =>
    now.reduce(
      (count, hash, at) => count + Number(hash !== empty && before[at + shift] === hash),
      0,
    );
  let [best, most] = [0, kept(0)];
  for (let shift = -now.length; shift <= before.length; shift++) {
    const count = kept(shift);
    if (count > most) [best, most] = [shift, count];
  }
  return best;
}
