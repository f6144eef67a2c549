import type { Reading } from "../reader.ts";
import type { Rectangle, Surface } from "../surface.ts";

/** Raw (RFC 6143 §7.7.1), a row at a time so that no rectangle is ever held as a whole. */
export function* readRaw(surface: Surface, area: Rectangle): Reading<void> {
  const row = new Uint32Array(area.width);
  const bytes = new Uint8Array(row.buffer);
  for (let y = area.y; y < area.y + area.height; y++) {
    bytes.set(yield bytes.length);
    surface.putRow(area.x, y, row, 0, area.width);
  }
}
