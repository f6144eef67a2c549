import type { Survey } from "../perception/blocks.ts";
import { gapsOf } from "../perception/reading.ts";
import type { SeenWindow } from "../perception/source.ts";
import type { WindowText } from "../perception/window-text.ts";

/** Highest task bar, in pixels. */
const highestBar = 48;

/**
 * What of the screen may show a text that nobody has read, in words; none: all of it was read. The task bar does not
 * count, nor a browser's own bars above its page.
 */
export function unreadParts(
  { windows, texts, degraded, isWhole }: Survey,
  width: number,
): string[] {
  const known = new Set(texts.map(({ window }) => window?.id));
  const silent = windows
    .filter((window) => !known.has(window.id) && !isTaskBar(window, width))
    .map((window) => `the text of ${named(window)} is not known without OCR`);
  const parts = [
    ...(isWhole ? [] : ["some windows were not looked at"]),
    ...texts.flatMap((text) => partsOf(text, width)),
    ...silent,
  ];
  // Why it was not read.
  return parts.length > 0 ? [...parts, ...degraded] : [];
}

function partsOf(text: WindowText, width: number): string[] {
  const { window, source, terminal, why, isPartial, covers } = text;
  // Without a window there is nothing to read.
  if (!window) return [];
  if (source === "none") return [`${named(window)}: ${why.join(", ")}`];
  if (source === "ocr")
    return isTaskBar(window, width) ? [] : [`${named(window)} was only recognised`];
  if (terminal?.state.degraded) return [`${named(window)}: ${terminal.state.degraded}`];
  if (isPartial) return [`${named(window)}: ${why.join(", ")}`];
  const top = Math.min(...(covers ?? []).map(({ y }) => y));
  const beside = covers ? gapsOf(window, covers).filter(({ y, height }) => y + height > top) : [];
  return beside.length > 0 ? [`${named(window)}: what stands beside its page`] : [];
}

/** A panel along an edge: nobody's window, no program's menu. */
function isTaskBar({ managed, region }: SeenWindow, width: number): boolean {
  return !managed && region.height <= highestBar && region.width >= width / 2;
}

function named({ id, title }: SeenWindow): string {
  return title === "" ? `window ${id}` : `window ${id} ${JSON.stringify(title.slice(0, 60))}`;
}
