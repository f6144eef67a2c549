/** Text of a command as it comes, of which the middle is left out when it is long. */
export class Clipped {
  private head = "";
  private tail = "";
  private lines = 0;
  private length = 0;

  /** `limit`: characters that are kept. */
  constructor(private readonly limit: number) {}

  add(text: string): void {
    this.length += text.length;
    this.lines += text.split("\n").length - 1;
    const half = Math.ceil(this.limit / 2);
    const room = Math.max(0, half - this.head.length);
    this.head += text.slice(0, room);
    this.tail += text.slice(room);
    // Cut only now and then.
    if (this.tail.length > 4 * half) this.tail = this.tail.slice(-half);
  }

  /** What is kept, with a line that says how much there was. Of a character that was cut in two no half is left. */
  toString(): string {
    if (this.length <= this.limit) return (this.head + this.tail).toWellFormed();
    const head = this.head.toWellFormed();
    const end = this.tail.slice(-Math.floor(this.limit / 2)).toWellFormed();
    return `${head}\n\n... Output truncated (${this.lines} total lines, ${this.length} characters) ...\n\n${end}`;
  }
}
