import type { Region } from "../../display/types.ts";

/** Pixels to read: R G B, 3 bytes a pixel, row after row. */
export interface OcrPicture {
  width: number;
  height: number;
  rgb: Uint8Array;
}

/** A line of text, as far as it was recognised; its box is in the picture's pixels. */
export interface OcrLine {
  text: string;
  box: Region;
  /** 0…1, as the recogniser judges itself. */
  confidence: number;
}

/** Recognises text in pictures. Aborting the signal ends its work. */
export interface OcrReader {
  /** The lines in reading order. Throws `action_failed` when it cannot read, and the signal's reason. */
  read(picture: OcrPicture, signal: AbortSignal): Promise<{ lines: OcrLine[] }>;
}
