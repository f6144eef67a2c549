import { prepare } from "./prepare.ts";
import type { OcrPicture, OcrReader } from "./reader.ts";
import { linesOf } from "./tsv.ts";

/** Runs a tesseract on a PGM file, with these arguments, and gives the TSV that it prints. */
export type RunTesseract = (pgm: Uint8Array, signal: AbortSignal) => Promise<string>;

/** Scraps that tesseract doubts more than this are icons and edges, 0…1. */
const leastConfidence = 0.25;
/** Pictures smaller than this in one direction hold no text, in pixels. */
const leastSide = 6;

/** Reads by a tesseract, wherever that runs. */
export class TesseractReader implements OcrReader {
  constructor(
    private readonly run: RunTesseract,
    private readonly sharp: () => Promise<typeof import("sharp")>,
  ) {}

  async read(picture: OcrPicture, signal: AbortSignal) {
    if (Math.min(picture.width, picture.height) < leastSide) return { lines: [] };
    const { pgm, scale } = await prepare(picture, this.sharp);
    signal.throwIfAborted();
    return { lines: linesOf(await this.run(pgm, signal), picture, scale, leastConfidence) };
  }
}
