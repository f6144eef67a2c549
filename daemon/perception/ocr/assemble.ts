import type { Displays } from "../../display/types.ts";
import type { Exec } from "../../exec/exec.ts";
import { loadSharp } from "../../native/sharp.ts";
import { HalvesReader } from "./halves.ts";
import { ownTesseract } from "./own-tesseract.ts";
import type { OcrReader } from "./reader.ts";
import { ScreenOcr } from "./screen-ocr.ts";
import { TesseractReader } from "./tesseract.ts";
import { TesseractInside } from "./tesseract-inside.ts";

interface ReaderParts {
  exec: Pick<Exec, "run">;
  /** The command line that runs this program. */
  program: readonly string[];
}

/** Tesseract's page segmentation mode: a uniform block of text. */
const mode = 6;

/** The tesseract of a session's workstation, and ours. */
export function ocrReaders({ exec, program }: ReaderParts) {
  const tesseract = new TesseractInside(exec);
  const whole = new TesseractReader(ownTesseract([...program, "ocr"], mode), loadSharp);
  const own: OcrReader = new HalvesReader(whole);
  const inside = (session: string): OcrReader =>
    new TesseractReader(tesseract.run(session, mode), loadSharp);
  return { tesseract, own, inside };
}

/** Reads screens by the workstation's own tesseract where there is one, else by ours. */
export function assembleOcr(parts: ReaderParts & { displays: Pick<Displays, "acquire"> }) {
  const { tesseract, own, inside } = ocrReaders(parts);
  return new ScreenOcr(parts.displays, async (session, signal) =>
    (await tesseract.isThere(session, signal)) ? inside(session) : own,
  );
}
