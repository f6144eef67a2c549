import type { OcrLine, OcrPicture, OcrReader } from "./reader.ts";

/** Pictures below this are read at once: a second process would cost more than it saves. */
const leastPixels = 500_000;
/** Frames and scroll bars at the sides of a window do not count as text, in pixels. */
const side = 16;

/** Reads a large picture in two halves at the same time, cut where a row of pixels shows nothing. */
export class HalvesReader implements OcrReader {
  constructor(private readonly reader: OcrReader) {}

  async read(picture: OcrPicture, signal: AbortSignal): Promise<{ lines: OcrLine[] }> {
    const { width, height, rgb } = picture;
    const cut = width * height < leastPixels ? null : emptyRow(picture);
    if (cut === null) return this.reader.read(picture, signal);
    const at = 3 * width * cut;
    const [upper, lower] = await Promise.all([
      this.reader.read({ width, height: cut, rgb: rgb.subarray(0, at) }, signal),
      this.reader.read({ width, height: height - cut, rgb: rgb.subarray(at) }, signal),
    ]);
    const moved = lower.lines.map((line) => {
      return { ...line, box: { ...line.box, y: line.box.y + cut } };
    });
    return { lines: [...upper.lines, ...moved] };
  }
}

/** The row nearest to the middle, within a third of the height, that has one colour; null: there is none. */
function emptyRow(picture: OcrPicture): number | null {
  const middle = picture.height >> 1;
  for (let off = 0; off < picture.height / 6; off++) {
    if (isEmpty(picture, middle + off)) return middle + off;
    if (isEmpty(picture, middle - off)) return middle - off;
  }
  return null;
}

function isEmpty({ width, rgb }: OcrPicture, row: number): boolean {
  const from = 3 * (row * width + side);
  const to = 3 * ((row + 1) * width - side);
  for (let at = from + 3; at < to; at++) if (rgb[at] !== rgb[at - 3]) return false;
  return true;
}
