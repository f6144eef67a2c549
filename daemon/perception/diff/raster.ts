/** Pixels: a 32-bit word each (R, G, B, 255 in memory), row after row. */
export interface Raster {
  width: number;
  height: number;
  words: Uint32Array;
}
