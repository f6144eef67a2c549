import type { OcrPicture } from "./reader.ts";

/** Most pixels that are given to tesseract: it takes about 5 bytes of memory for each. */
const maxPixels = 34_000_000;
/** How much larger text must be than on a screen; tesseract is made for 300 dots an inch. */
const usualScale = 2;

/** What tesseract reads best: dark text on light ground, twice as large, as a PGM file. */
export interface Prepared {
  pgm: Uint8Array;
  /** How much larger it is than the picture. */
  scale: number;
}

/** Runs on sharp's threads, but for a pass over the pixels. */
export async function prepare(
  picture: OcrPicture,
  sharp: () => Promise<typeof import("sharp")>,
): Promise<Prepared> {
  const { width, height } = picture;
  const scale = Math.min(usualScale, Math.sqrt(maxPixels / (width * height)));
  const size = { width: Math.round(width * scale), height: Math.round(height * scale) };
  const { default: load } = await sharp();
  const grey = darkOnLight(picture);
  const enlarged = await load(grey, { raw: { width, height, channels: 1 } })
    .resize({ ...size, fit: "fill", kernel: "cubic" })
    .toColourspace("b-w")
    .raw()
    .toBuffer();
  const header = Buffer.from(`P5\n${size.width} ${size.height}\n255\n`);
  return { pgm: Buffer.concat([header, enlarged]), scale: size.width / width };
}

/**
 * Grey, one byte a pixel. Of dark pictures the brightest channel counts, turned round, of light ones the
 * darkest: so that text in any colour stands out.
 */
export function darkOnLight({ rgb, width, height }: OcrPicture): Uint8Array {
  const grey = new Uint8Array(width * height);
  const dark = isDark(rgb);
  for (let i = 0, from = 0; i < grey.length; i++, from += 3) {
    const [r, g, b] = [rgb[from] as number, rgb[from + 1] as number, rgb[from + 2] as number];
    grey[i] = dark ? 255 - Math.max(r, g, b) : Math.min(r, g, b);
  }
  return grey;
}

/** Whether most of it is dark, judged by one pixel in sixteen. */
function isDark(rgb: Uint8Array): boolean {
  let dark = 0;
  let seen = 0;
  for (let at = 0; at + 2 < rgb.length; at += 48, seen++) {
    // Luma of ITU-R BT.601, times 256.
    const luma =
      77 * (rgb[at] as number) + 150 * (rgb[at + 1] as number) + 29 * (rgb[at + 2] as number);
    if (luma < 128 * 256) dark++;
  }
  return dark * 2 > seen;
}
