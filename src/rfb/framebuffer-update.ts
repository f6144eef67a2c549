import { encoding, type Screen } from "./client-messages.ts";
import { readCopyRect } from "./encodings/copy-rect.ts";
import { type Cursor, readCursor } from "./encodings/cursor.ts";
import { readScreens } from "./encodings/extended-desktop-size.ts";
import type { Inflater } from "./encodings/inflate.ts";
import { readRaw } from "./encodings/raw.ts";
import { readZrle } from "./encodings/zrle.ts";
import { RfbError } from "./error.ts";
import { type Reading, readView } from "./reader.ts";
import type { Rectangle, Surface } from "./surface.ts";

/** What an update may change. */
export interface Desktop {
  /** Where pixels go; another one after `resize`. */
  readonly surface: Surface;
  readonly inflater: Inflater;
  resize(width: number, height: number): void;
  screens(screens: readonly Screen[]): void;
  /** The server's answer to a request of this client for another size: 0, or why not. */
  resizeAnswered(status: number): void;
  cursor(shape: Cursor): void;
  /** The pointer is here now, moved by somebody else. */
  cursorMoved(x: number, y: number): void;
  /** The server understands pointer events with more than eight buttons. */
  extendedButtons(): void;
}

/** Most pixels that one update may draw, as a multiple of the desktop: a few bytes can draw many. */
const maxCover = 16;
const lastRectCount = 0xffff;

/**
 * The rest of a FramebufferUpdate (RFC 6143 §7.6.1) after its type byte.
 * @returns how many pixels it has drawn since its last resize
 */
export function* readFramebufferUpdate(desktop: Desktop): Reading<number> {
  const count = (yield* readView(3)).getUint16(1);
  let drawn = 0;
  for (let i = 0; i < count || count === lastRectCount; i++) {
    const header = yield* readView(12);
    const type = header.getInt32(8);
    const area = {
      x: header.getUint16(0),
      y: header.getUint16(2),
      width: header.getUint16(4),
      height: header.getUint16(6),
    };
    if (type === encoding.lastRect) break;
    if (type === encoding.cursor) {
      desktop.cursor(yield* readCursor(area));
    } else if (type === encoding.cursorPosition) {
      desktop.cursorMoved(area.x, area.y);
    } else if (type === encoding.extendedMouseButtons) {
      desktop.extendedButtons();
    } else if (type === encoding.desktopSize) {
      desktop.resize(area.width, area.height);
      drawn = 0;
    } else if (type === encoding.extendedDesktopSize) {
      yield* readExtendedDesktopSize(desktop, area);
      drawn = 0;
    } else {
      drawn += area.width * area.height;
      if (drawn > maxCover * desktop.surface.width * desktop.surface.height) {
        throw new RfbError("one update draws the desktop over and over");
      }
      yield* readPixels(desktop, area, type);
    }
  }
  return drawn;
}

function* readPixels(desktop: Desktop, area: Rectangle, type: number): Reading<void> {
  const { surface } = desktop;
  if (area.x + area.width > surface.width || area.y + area.height > surface.height) {
    throw new RfbError(
      `an update of ${area.width}x${area.height} at (${area.x}, ${area.y}) leaves the desktop of ${surface.width}x${surface.height}`,
    );
  }
  if (type === encoding.raw) yield* readRaw(surface, area);
  else if (type === encoding.copyRect) yield* readCopyRect(surface, area);
  else if (type === encoding.zrle) yield* readZrle(surface, area, desktop.inflater);
  else throw new RfbError(`an update has encoding ${type}, which was not asked for`);
  surface.endRectangle();
}

/** Its x says who asked for the change, and its y whether that was granted. */
function* readExtendedDesktopSize(desktop: Desktop, area: Rectangle): Reading<void> {
  const byThisClient = area.x === 1;
  const screens = yield* readScreens();
  if (byThisClient) desktop.resizeAnswered(area.y);
  if (byThisClient && area.y !== 0) return;
  desktop.screens(screens);
  desktop.resize(area.width, area.height);
}
