import type { Region } from "../display/types.ts";
import type { Row } from "./rows.ts";
import type { WindowText } from "./window-text.ts";

/**
 * Where a stretch of a row stands on the desktop, from one place in its text to another: exact in a terminal,
 * elsewhere as if all letters were equally wide. Null: that is not known.
 */
export function placeOf(
  { window, boxes, terminal }: WindowText,
  { number, text }: Row,
  from: number,
  to: number,
): Region | null {
  const [before, width] = [cellsOf(text.slice(0, from)), cellsOf(text.slice(from, to))];
  if (terminal) {
    const row = number - 1 - terminal.above;
    const cells = window?.cells;
    // What has scrolled away is nowhere.
    if (!cells || row < 0) return null;
    return {
      x: window.region.x + cells.x + before * cells.width,
      y: window.region.y + cells.y + row * cells.height,
      width: width * cells.width,
      height: cells.height,
    };
  }
  const box = boxes.get(number);
  if (!box) return null;
  const cell = box.width / Math.max(cellsOf(text), 1);
  return { ...box, x: box.x + before * cell, width: width * cell };
}

/** As a terminal counts, code point by code point: it knows of no clusters. */
function cellsOf(text: string): number {
  return [...text].reduce((sum, character) => sum + Bun.stringWidth(character), 0);
}
