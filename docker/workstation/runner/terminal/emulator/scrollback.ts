import { Line } from "./line.ts";

/** The lines that have left the screen at its top, the newest ones of them. */
export class Scrollback {
  private lines: Line[] = [];
  /** Where the oldest line is, once there are as many as fit. */
  private first = 0;

  constructor(private readonly limit: number) {}

  get length(): number {
    return this.lines.length;
  }

  /** From the oldest to the newest. */
  *[Symbol.iterator](): Generator<Line> {
    yield* this.lines.slice(this.first);
    yield* this.lines.slice(0, this.first);
  }

  /** The line `age` lines above the screen, from 1. */
  above(age: number): Line | undefined {
    const { length } = this.lines;
    return age > length ? undefined : this.lines[(this.first + length - age) % length];
  }

  /** Takes a line that leaves the screen; returns one of that size to use again. */
  push(line: Line): Line {
    if (this.lines.length < this.limit) {
      this.lines.push(line);
      return new Line(line.size);
    }
    const oldest = this.lines[this.first];
    if (oldest) oldest.generation++;
    this.lines[this.first] = line;
    this.first = (this.first + 1) % this.limit;
    return oldest?.size === line.size ? oldest : new Line(line.size);
  }

  /** Takes the newest line back. */
  pop(): Line | undefined {
    if (this.first !== 0) {
      this.lines = [...this.lines.slice(this.first), ...this.lines.slice(0, this.first)];
      this.first = 0;
    }
    return this.lines.pop();
  }

  clear(): void {
    for (const line of this.lines) line.generation++;
    this.lines = [];
    this.first = 0;
  }
}
