import type { RunnerShownWindow } from "../../src/runner/windows.ts";
import { overlaps } from "../display/region.ts";
import type { Region } from "../display/types.ts";
import type { SeenWindow } from "./source.ts";

/** Most windows whose visible parts are computed, the topmost ones; and most parts of one. */
export const maxWindows = 64;
const maxParts = 200;

/** What of the windows shows, on a desktop of that size; the topmost first, as they are given. */
export function seenWindows(
  shown: readonly RunnerShownWindow[],
  desktop: { width: number; height: number },
): SeenWindow[] {
  return shown.slice(0, maxWindows).map((window, at) => {
    const { id, title, pid, x, y, width, height, terminal, cells, managed } = window;
    const region = { x, y, width, height };
    const facts = { id, title, class: window.class, pid, region, terminal, cells, managed };
    const framed = meet(region, window.frame);
    const inside = framed && meet(framed, { x: 0, y: 0, ...desktop });
    if (!inside) return { ...facts, visible: [], coveredBy: [] };
    const above = shown.slice(0, at).filter(({ frame }) => overlaps(frame, inside));
    const covers = above.map(({ frame }) => frame);
    return { ...facts, visible: without(inside, covers), coveredBy: above.map((each) => each.id) };
  });
}

/** The parts of a region that none of the others covers. */
export function without(region: Region, covers: readonly Region[]): Region[] {
  let parts = [region];
  for (const cover of covers) {
    parts = parts.flatMap((part) => (overlaps(part, cover) ? around(part, cover) : [part]));
    // A desktop strewn with windows: its largest parts are enough.
    if (parts.length > maxParts) parts = parts.sort((a, b) => areaOf(b) - areaOf(a)).slice(0, 100);
  }
  return parts;
}

/** Whether a point is in one of the regions. */
export function isIn(x: number, y: number, regions: readonly Region[]): boolean {
  return regions.some(
    (it) => x >= it.x && y >= it.y && x < it.x + it.width && y < it.y + it.height,
  );
}

/** What two regions have in common; null: nothing. */
export function meet(a: Region, b: Region): Region | null {
  if (!overlaps(a, b)) return null;
  const [x, y] = [Math.max(a.x, b.x), Math.max(a.y, b.y)];
  return {
    x,
    y,
    width: Math.min(a.x + a.width, b.x + b.width) - x,
    height: Math.min(a.y + a.height, b.y + b.height) - y,
  };
}

/** A region without the part that the other covers: above, below, and on both sides of it. */
function around(region: Region, cover: Region): Region[] {
  const hole = meet(region, cover);
  if (!hole) return [region];
  const [right, bottom] = [region.x + region.width, region.y + region.height];
  const [holeRight, holeBottom] = [hole.x + hole.width, hole.y + hole.height];
  return [
    { ...region, height: hole.y - region.y },
    { ...region, y: holeBottom, height: bottom - holeBottom },
    { x: region.x, y: hole.y, width: hole.x - region.x, height: hole.height },
    { x: holeRight, y: hole.y, width: right - holeRight, height: hole.height },
  ].filter(({ width, height }) => width > 0 && height > 0);
}

function areaOf({ width, height }: Region): number {
  return width * height;
}
