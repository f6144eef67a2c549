/**
 * What ends a command line (Return, line feed, Ctrl+C, Ctrl+D, Ctrl+O), and the brackets around
 * pasted text, in which a Return ends nothing.
 */
const endOrBracket = /\x1b\[20[01]~|[\r\n\x03\x04\x0f]/g;
const opening = "\x1b[200~";
/** The beginning of a bracket whose rest is still to come. */
const brokenBracket = /\x1b(\[(2(0[01]?)?)?)?$/;

/** Finds the ends of command lines in what is typed, however it is cut into pieces. */
export class LineEnds {
  constructor(
    private pasting = false,
    private broken = "",
  ) {}

  /** Another one that goes on from here. */
  copy(): LineEnds {
    return new LineEnds(this.pasting, this.broken);
  }

  /** The indices, in the next piece, of the bytes that end a line. */
  in(bytes: Uint8Array): number[] {
    const text = this.broken + Buffer.from(bytes).toString("latin1");
    const before = this.broken.length;
    this.broken = brokenBracket.exec(text)?.[0] ?? "";
    const ends: number[] = [];
    for (const { 0: found, index } of text.matchAll(endOrBracket)) {
      if (found.length > 1) this.pasting = found === opening;
      else if (!this.pasting) ends.push(index - before);
    }
    return ends;
  }
}
