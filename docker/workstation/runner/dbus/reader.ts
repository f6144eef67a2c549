/** A value as D-Bus has it; a variant is what it holds, an array of entries a list of pairs. */
export type Value = string | number | bigint | boolean | readonly Value[];

/** Deepest nesting that is read; the specification allows no more (Message Protocol, Valid Signatures). */
const deepest = 64;

const alignments: Record<string, number> = {
  ...{ y: 1, g: 1, v: 1, n: 2, q: 2, b: 4, i: 4, u: 4, s: 4, o: 4, a: 4 },
  ...{ x: 8, t: 8, d: 8, "(": 8, "{": 8 },
};

/** Reads the little-endian values of a D-Bus message; throws a RangeError for what is none. */
export class Reader {
  constructor(
    private readonly bytes: Buffer,
    private at = 0,
  ) {}

  /** All values of a signature. */
  all(signature: string): Value[] {
    return this.sequence(signature, deepest);
  }

  private sequence(signature: string, depth: number): Value[] {
    const values: Value[] = [];
    for (let rest = signature; rest !== ""; ) {
      const type = firstType(rest);
      values.push(this.value(type, depth));
      rest = rest.slice(type.length);
    }
    return values;
  }

  private value(type: string, depth: number): Value {
    if (depth === 0) throw new RangeError("nested too deeply");
    const code = type.charAt(0);
    this.align(alignments[code] ?? 1);
    switch (code) {
      case "y":
        return this.bytes.readUInt8(this.skip(1));
      case "b":
        return this.bytes.readUInt32LE(this.skip(4)) !== 0;
      case "n":
        return this.bytes.readInt16LE(this.skip(2));
      case "q":
        return this.bytes.readUInt16LE(this.skip(2));
      case "i":
        return this.bytes.readInt32LE(this.skip(4));
      case "u":
        return this.bytes.readUInt32LE(this.skip(4));
      case "x":
        return this.bytes.readBigInt64LE(this.skip(8));
      case "t":
        return this.bytes.readBigUInt64LE(this.skip(8));
      case "d":
        return this.bytes.readDoubleLE(this.skip(8));
      case "s":
      case "o":
        return this.text(this.bytes.readUInt32LE(this.skip(4)));
      case "g":
        return this.text(this.bytes.readUInt8(this.skip(1)));
      case "v":
        return this.value(this.text(this.bytes.readUInt8(this.skip(1))), depth - 1);
      case "a":
        return this.array(type.slice(1), depth);
      case "(":
      case "{":
        return this.sequence(type.slice(1, -1), depth - 1);
      default:
        throw new RangeError(`no type: ${code}`);
    }
  }

  private array(element: string, depth: number): Value[] {
    const length = this.bytes.readUInt32LE(this.skip(4));
    this.align(alignments[element.charAt(0)] ?? 1);
    const end = this.at + length;
    if (end > this.bytes.length) throw new RangeError("an array ends behind its message");
    const values: Value[] = [];
    while (this.at < end) {
      const before = this.at;
      values.push(this.value(element, depth - 1));
      if (this.at === before) throw new RangeError("an array of nothing has no end");
    }
    return values;
  }

  private text(length: number): string {
    const start = this.skip(length + 1);
    return this.bytes.toString("utf8", start, start + length);
  }

  private align(to: number): void {
    this.at += -this.at & (to - 1);
  }

  /** Goes on by so many bytes; returns where they begin. */
  private skip(count: number): number {
    const start = this.at;
    this.at += count;
    if (this.at > this.bytes.length) throw new RangeError("a value ends behind its message");
    return start;
  }
}

/** The first complete type of a signature. */
function firstType(signature: string): string {
  let end = 0;
  while (signature.charAt(end) === "a") end++;
  let open = 0;
  do {
    const code = signature.charAt(end++);
    if (code === "") throw new RangeError("a signature ends early");
    if (code === "(" || code === "{") open++;
    if (code === ")" || code === "}") open--;
  } while (open > 0);
  return signature.slice(0, end);
}
