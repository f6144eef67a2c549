/** Texts that are remembered; the one that was not looked at for longest goes first. */
const maxTexts = 256;
/** Rows of a text that are remembered; longer ones are not. */
const maxRows = 5000;
/** Above so many rows it is not looked for how far they have moved. */
const maxMoved = 500;

/** Remembers texts that were looked at, as hashes of their rows, to tell what has changed since. */
export class TextRevs {
  private readonly texts = new Map<string, Float64Array>();

  /** The identity of a text; equal texts have equal ones. */
  remember(rows: readonly string[]): string {
    const hashes = Float64Array.from(rows, hashOf);
    const rev = Bun.hash(hashes).toString(16).padStart(16, "0");
    this.texts.delete(rev);
    if (rows.length <= maxRows) this.texts.set(rev, hashes);
    const [oldest] = this.texts.keys();
    if (this.texts.size > maxTexts && oldest !== undefined) this.texts.delete(oldest);
    return rev;
  }

  /**
   * For each row, whether it has changed since the text with that identity: not when it stands there
   * as it did, or has moved with most others. Null when that text is not remembered.
   */
  changed(rows: readonly string[], since: string): boolean[] | null {
    const before = this.texts.get(since);
    if (!before) return null;
    const now = rows.map(hashOf);
    const shift = rows.length > maxMoved ? 0 : movedBy(before, now);
    return now.map((hash, at) => before[at + shift] !== hash);
  }
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
