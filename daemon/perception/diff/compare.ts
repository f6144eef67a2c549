import { overlaps } from "../../display/region.ts";
import type { Region } from "../../display/types.ts";
import type { Raster } from "./raster.ts";

/** Changed pixels closer than this are in one box, in pixels. */
const cell = 16;
/** Most boxes that are told; with more, the nearest ones in reading order are joined. */
const maxBoxes = 32;

export interface Comparison {
  /** How many pixels differ, and how many were compared. */
  changed: number;
  compared: number;
  /** Where they are, from top to bottom. */
  boxes: Region[];
  /** 1 for each pixel that differs. */
  mask: Uint8Array;
}

/** Compares two rasters of one size, pixel by pixel; what `masks` cover does not count. */
export function compare(base: Raster, now: Raster, masks: readonly Region[]): Comparison {
  const { width, height } = now;
  const hidden = hiddenBy(masks, now);
  const mask = new Uint8Array(width * height);
  const cells = new Cells(width, height);
  let changed = 0;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      if (base.words[at] === now.words[at] || hidden?.[at]) continue;
      mask[at] = 1;
      changed++;
      cells.add(x, y);
    }
  }
  const compared = width * height - (hidden?.reduce((sum, bit) => sum + bit, 0) ?? 0);
  return { changed, compared, boxes: cells.boxes(), mask };
}

/** 1 for each pixel that is covered; null: none is. */
function hiddenBy(masks: readonly Region[], { width, height }: Raster): Uint8Array | null {
  const all = { x: 0, y: 0, width, height };
  const inside = masks.filter((mask) => overlaps(mask, all));
  if (inside.length === 0) return null;
  const hidden = new Uint8Array(width * height);
  for (const { x, y, width: wide, height: high } of inside) {
    const [left, right] = [Math.max(0, x), Math.min(width, x + wide)];
    for (let row = Math.max(0, y); row < Math.min(height, y + high); row++) {
      hidden.fill(1, row * width + left, row * width + right);
    }
  }
  return hidden;
}

/** The bounds of what has changed in each cell of a grid, joined where cells touch. */
class Cells {
  private readonly columns: number;
  private readonly rows: number;
  private readonly found = new Map<number, Bounds>();

  constructor(width: number, height: number) {
    this.columns = Math.ceil(width / cell);
    this.rows = Math.ceil(height / cell);
  }

  add(x: number, y: number): void {
    const at = Math.floor(y / cell) * this.columns + Math.floor(x / cell);
    const bounds = this.found.get(at);
    if (!bounds) {
      this.found.set(at, { left: x, top: y, right: x + 1, bottom: y + 1 });
      return;
    }
    bounds.left = Math.min(bounds.left, x);
    bounds.right = Math.max(bounds.right, x + 1);
    bounds.bottom = y + 1;
  }

  boxes(): Region[] {
    const all: Bounds[] = [];
    for (const start of [...this.found.keys()].sort((a, b) => a - b)) {
      if (this.found.has(start)) all.push(this.take(start));
    }
    joinNeighbours(all);
    while (all.length > maxBoxes) joinNearest(all);
    return all.map(({ left, top, right, bottom }) => ({
      x: left,
      y: top,
      width: right - left,
      height: bottom - top,
    }));
  }

  /** The bounds of a cell and of all that it touches, over corners as well. */
  private take(start: number): Bounds {
    let joined: Bounds | null = null;
    const waiting = [start];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      const bounds = this.found.get(at);
      if (!bounds) continue;
      this.found.delete(at);
      joined = joined ? union(joined, bounds) : bounds;
      waiting.push(...this.neighbours(at));
    }
    return joined ?? { left: 0, top: 0, right: 0, bottom: 0 };
  }

  private neighbours(at: number): number[] {
    const [column, row] = [at % this.columns, Math.floor(at / this.columns)];
    const near = [-1, 0, 1].flatMap((down) =>
      [-1, 0, 1].map((right) => [column + right, row + down]),
    );
    return near.flatMap(([x = 0, y = 0]) =>
      x >= 0 && x < this.columns && y >= 0 && y < this.rows ? [y * this.columns + x] : [],
    );
  }
}

/** Boxes of which the nearest are looked for: that takes the square of their number. */
const maxCompared = 256;

/** Joins boxes that follow one another until they are few enough to be compared. */
function joinNeighbours(all: Bounds[]): void {
  const size = Math.ceil(all.length / maxCompared);
  if (size <= 1) return;
  const joined: Bounds[] = [];
  for (let at = 0; at < all.length; at += size) {
    joined.push(all.slice(at, at + size).reduce(union));
  }
  all.splice(0, all.length, ...joined);
}

interface Bounds {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

function union(a: Bounds, b: Bounds): Bounds {
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}

/** Joins the two neighbours of the list whose common box is the smallest. */
function joinNearest(all: Bounds[]): void {
  let best = 0;
  let smallest = Number.POSITIVE_INFINITY;
  for (let at = 0; at + 1 < all.length; at++) {
    const { left, top, right, bottom } = union(all[at] as Bounds, all[at + 1] as Bounds);
    const area = (right - left) * (bottom - top);
    if (area < smallest) [best, smallest] = [at, area];
  }
  all.splice(best, 2, union(all[best] as Bounds, all[best + 1] as Bounds));
}
