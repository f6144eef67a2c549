import type { Region } from "../../display/types.ts";
import type { LoadSharp } from "./base-picture.ts";
import type { Comparison } from "./compare.ts";
import type { Raster } from "./raster.ts";

/** Pixels between the three pictures. */
const gap = 8;
/** Words in memory are R, G, B, 255: red, and the frame of a box. */
const red = 0xff_00_00_ff;
const frame = 0xff_00_80_ff;
const ground = 0xff_40_40_40;
/** How far a box's frame is from what has changed, in pixels. */
const margin = 2;

/** Three pictures beside each other as a PNG: before, now, and now in pale grey with what differs in red, in frames. */
export async function sideBySide(
  base: Raster,
  now: Raster,
  { mask, boxes }: Comparison,
  loadSharp: LoadSharp,
): Promise<{ width: number; height: number; bytes: Uint8Array }> {
  const { width, height } = now;
  const sheet = { width: 3 * width + 2 * gap, height };
  const words = new Uint32Array(sheet.width * height).fill(ground);
  const difference = marked(now, mask);
  for (const box of boxes) drawFrame(difference, box);
  for (const [at, raster] of [base, now, difference].entries()) {
    const left = at * (width + gap);
    for (let y = 0; y < height; y++) {
      const row = raster.words.subarray(y * width, (y + 1) * width);
      words.set(row, y * sheet.width + left);
    }
  }
  const { default: sharp } = await loadSharp();
  const raw = { width: sheet.width, height, channels: 4 as const };
  const bytes = await sharp(new Uint8Array(words.buffer), { raw })
    .removeAlpha()
    .png({ compressionLevel: 2 })
    .toBuffer();
  return { ...sheet, bytes };
}

function marked({ width, height, words }: Raster, mask: Uint8Array): Raster {
  const out = new Uint32Array(words.length);
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as number;
    // Half way between its green, which carries most of the brightness, and white.
    const grey = 128 + (((word >>> 8) & 0xff) >>> 1);
    out[at] = mask[at] ? red : (0xff00_0000 | (grey * 0x01_01_01)) >>> 0;
  }
  return { width, height, words: out };
}

function drawFrame({ width, height, words }: Raster, box: Region): void {
  const left = Math.max(0, box.x - margin);
  const top = Math.max(0, box.y - margin);
  const right = Math.min(width, box.x + box.width + margin);
  const bottom = Math.min(height, box.y + box.height + margin);
  words.fill(frame, top * width + left, top * width + right);
  words.fill(frame, (bottom - 1) * width + left, (bottom - 1) * width + right);
  for (let y = top; y < bottom; y++) words[y * width + left] = words[y * width + right - 1] = frame;
}
