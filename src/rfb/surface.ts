/**
 * Where decoders put pixels. A pixel is a little-endian word whose bytes in memory are
 * R G B 255. Callers stay inside the surface: decoders check rectangles before they draw.
 */
export interface Surface {
  readonly width: number;
  readonly height: number;
  /** Writes `count` pixels, from `pixels[from]` on, to the right of (x, y). Alpha is ignored. */
  putRow(x: number, y: number, pixels: Uint32Array, from: number, count: number): void;
  /** Moves a rectangle of itself to (target.x, target.y); the two may overlap. */
  copy(source: { x: number; y: number }, target: Rectangle): void;
  /** The end of one rectangle: changes are reported by rectangle. */
  endRectangle(): void;
}

export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}
