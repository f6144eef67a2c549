/** Most parameters that a sequence has, and the highest value of one. */
const maxParameters = 30;
const maxValue = 65535;
/** A parameter that is not given. */
const missing = -1;

/** The parameters of a control sequence, some of which are parts (after a colon) of others. */
export class Parameters {
  length = 0;
  hasSubs = false;
  private readonly values = new Int32Array(maxParameters + 2);
  /** 0: none; counts up through the parts of one parameter. */
  private readonly depths = new Int32Array(maxParameters + 2);

  /** Begins a control sequence. */
  begin(): void {
    this.values.fill(missing);
    this.depths.fill(0);
    this.hasSubs = false;
    this.length = 1;
  }

  /** Forgets them: the sequence gets its defaults. */
  clear(): void {
    this.hasSubs = false;
    this.length = 0;
  }

  digit(digit: number): void {
    const last = this.length - 1;
    if (last < 0) return;
    const before = Math.max(this.values[last] ?? 0, 0);
    this.values[last] = Math.min(before * 10 + digit, maxValue);
  }

  semicolon(): void {
    if (this.length >= maxParameters) return;
    this.depths[this.length] = 0;
    this.values[this.length++] = missing;
  }

  colon(): void {
    if (this.length >= maxParameters) return;
    this.hasSubs = true;
    const last = this.length - 1;
    if (this.depths[last] === 0) this.depths[last] = 1;
    this.depths[this.length] = (this.depths[last] ?? 0) + 1;
    this.values[this.length++] = 0;
  }

  /** As it was given; undefined when it was not. */
  raw(index: number): number | undefined {
    const value = index < this.length ? this.values[index] : undefined;
    return value === missing ? undefined : value;
  }

  /** With 0 for what is missing. */
  at(index: number): number {
    return this.raw(index) ?? 0;
  }

  /** With 1 for what is missing or 0. */
  count(index: number): number {
    return Math.max(this.at(index), 1);
  }

  /** How many parts follow a parameter. */
  subsAfter(index: number): number {
    let count = 0;
    if (!this.hasSubs || this.depths[index] === 0) return count;
    let at = index;
    while (++at < this.length && (this.depths[at - 1] ?? 0) < (this.depths[at] ?? 0)) count++;
    return count;
  }

  all(): number[] {
    return Array.from({ length: this.length }, (_, index) => this.at(index));
  }

  /** None was given. */
  get isEmpty(): boolean {
    return this.length <= 1 && this.raw(0) === undefined;
  }
}
