import { RfbError } from "../error.ts";
import { limits } from "../limits.ts";
import type { Reading } from "../reader.ts";
import type { Rectangle } from "../surface.ts";

/** The shape of the pointer: 4 bytes a pixel, R G B A with A 0 or 255. */
export interface Cursor {
  width: number;
  height: number;
  /** The pixel that points. */
  hotX: number;
  hotY: number;
  pixels: Uint8Array;
}

/** Cursor pseudo-encoding (RFC 6143 §7.8.1): pixels, then a bit mask with padded rows. */
export function* readCursor(area: Rectangle): Reading<Cursor> {
  const { width, height } = area;
  if (width > limits.cursorSide || height > limits.cursorSide) {
    throw new RfbError(`a cursor of ${width}x${height} is too large`);
  }
  const pixels = Uint8Array.from(yield 4 * width * height);
  const stride = (width + 7) >> 3;
  const mask = yield stride * height;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const shown = ((mask[y * stride + (x >> 3)] as number) >> (7 - (x & 7))) & 1;
      pixels[4 * (y * width + x) + 3] = shown ? 255 : 0;
    }
  }
  return { width, height, hotX: area.x, hotY: area.y, pixels };
}
