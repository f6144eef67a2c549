import { RfbError } from "../error.ts";
import { type Reading, readView } from "../reader.ts";
import type { Rectangle, Surface } from "../surface.ts";

/** CopyRect (RFC 6143 §7.7.2): pixels that are on the screen already. */
export function* readCopyRect(surface: Surface, area: Rectangle): Reading<void> {
  const view = yield* readView(4);
  const source = { x: view.getUint16(0), y: view.getUint16(2) };
  if (source.x + area.width > surface.width || source.y + area.height > surface.height) {
    throw new RfbError(`CopyRect from (${source.x}, ${source.y}) leaves the desktop`);
  }
  surface.copy(source, area);
}
