/** The code of a cell that is the second half of a wide character. */
export const hidden = 0xffff;
export const space = 0x20;

/** A cell is a code point in its lower 21 bits (0: never written) and these above. */
export const codeMask = 0x1fffff;
export const attribute = {
  inverse: 1 << 21,
  underline: 1 << 22,
  bold: 1 << 23,
  blink: 1 << 24,
  protected: 1 << 25,
  /** Something was drawn here: the cell is not just empty. */
  drawn: 1 << 26,
  invisible: 1 << 27,
  faint: 1 << 28,
  italic: 1 << 29,
  strikeout: 1 << 30,
  doubleUnderline: 1 << 31,
} as const;
/** What SGR 0 takes away. */
export const rendition = codeMask ^ -1 ^ attribute.protected ^ attribute.drawn;

/** A colour is 0, the default, or one of these with its number or its RGB value. */
export const palette = 1 << 24;
export const direct = 2 << 24;

/** Combining characters that a cell keeps (xterm's combiningChars). */
const maxCombining = 2;

/** How ESC # makes a line's characters twice as wide (6), or the half of such that are as high too. */
export type DoubleLine = 0 | 3 | 4 | 6;

/** A row of cells. */
export class Line {
  /** Codes with their attributes. */
  cells: Uint32Array;
  foreground: Uint32Array;
  background: Uint32Array;
  /** Combining characters by column. */
  combining: Map<number, string> | null = null;
  /** Its text goes on in the next line. */
  wrapped = false;
  double: DoubleLine = 0;
  /** Cells from here on were never written and have no colours. */
  used = 0;
  /** Grows each time that another text begins here. */
  generation = 0;

  constructor(columns: number) {
    const size = alignedSize(columns);
    this.cells = new Uint32Array(size);
    this.foreground = new Uint32Array(size);
    this.background = new Uint32Array(size);
  }

  get size(): number {
    return this.cells.length;
  }

  code(column: number): number {
    return (this.cells[column] ?? 0) & codeMask;
  }

  isHidden(column: number): boolean {
    return this.code(column) === hidden;
  }

  /** To be called before cells up to `end` are written. */
  use(end: number): void {
    if (end > this.used) this.used = end;
  }

  /** Makes a cell a space, and leaves its attributes. */
  blank(column: number): void {
    this.use(column + 1);
    this.cells[column] = space | ((this.cells[column] ?? 0) & ~codeMask);
    this.combining?.delete(column);
  }

  /** Makes a cell a space that looks like that of another line. */
  blankLike(source: Line, column: number): void {
    this.copyCell(source, column, column);
    this.blank(column);
  }

  copyCell(source: Line, from: number, to: number): void {
    this.use(to + 1);
    this.cells[to] = source.cells[from] ?? 0;
    this.foreground[to] = source.foreground[from] ?? 0;
    this.background[to] = source.background[from] ?? 0;
    this.setCombining(to, source.combining?.get(from) ?? "");
  }

  setCombining(column: number, text: string): void {
    if (text === "") this.combining?.delete(column);
    else {
      this.combining ??= new Map();
      this.combining.set(column, text);
    }
  }

  addCombining(column: number, code: number): void {
    const before = this.combining?.get(column) ?? "";
    if ([...before].length < maxCombining) {
      this.setCombining(column, before + String.fromCodePoint(code));
    }
  }

  clearCombining(from: number, to: number): void {
    if (!this.combining) return;
    for (let column = from; column < to; column++) this.combining.delete(column);
    if (this.combining.size === 0) this.combining = null;
  }

  /** Fills cells with a code and its attributes, `from` up to but without `to`. */
  fill(cell: number, foreground: number, background: number, from: number, to: number): void {
    // For so few cells, faster than the arrays' own fill().
    const { cells, foreground: fronts, background: backs } = this;
    this.use(to);
    for (let column = from; column < to; column++) {
      cells[column] = cell;
      fronts[column] = foreground;
      backs[column] = background;
    }
    if (this.combining) this.clearCombining(from, to);
  }

  /** Empties it, as a line that scrolls in. What is beyond the columns stays. */
  reset(foreground: number, background: number, columns: number): void {
    const { used } = this;
    const isPlain = foreground === 0 && background === 0;
    this.fill(0, foreground, background, 0, isPlain ? Math.min(used, columns) : columns);
    if (isPlain && used <= columns) this.used = 0;
    this.wrapped = false;
    this.double = 0;
    this.generation++;
  }

  /** Takes over the cells of a line of the same size from a column on. */
  takeRest(source: Line, from: number): void {
    for (let column = from; column < this.size; column++) this.copyCell(source, column, column);
  }

  clone(): Line {
    const copy = new Line(this.size);
    copy.takeRest(this, 0);
    return copy;
  }

  /** Gets another length; what is too much is lost. */
  resize(columns: number): void {
    const size = alignedSize(columns);
    if (size === this.size) return;
    for (const column of this.combining?.keys() ?? []) {
      if (column >= size) this.combining?.delete(column);
    }
    this.cells = resized(this.cells, size);
    this.foreground = resized(this.foreground, size);
    this.background = resized(this.background, size);
  }
}

/** xterm's lines end on a multiple of four, and what happens at the edge depends on it. */
function alignedSize(columns: number): number {
  return (columns + 3) & ~3;
}

function resized(cells: Uint32Array, size: number): Uint32Array {
  const copy = new Uint32Array(size);
  copy.set(cells.subarray(0, size));
  return copy;
}
