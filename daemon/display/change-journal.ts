import { overlaps } from "./region.ts";
import type { Region } from "./types.ts";

/** Changes that are remembered, frames too, and most parts that are told. */
const [maxChanges, maxFrames, maxParts] = [1024, 64, 16];

/** Which parts of a display have changed since frames that somebody has looked at. */
export class ChangeJournal {
  private changes: Region[] = [];
  /** How many changes came before those that are remembered. */
  private forgotten = 0;
  /** How many changes had come when a frame was looked at, by its rev. */
  private readonly frames = new Map<string, number>();

  changed(regions: readonly Region[]): void {
    this.changes.push(...regions);
    if (this.changes.length <= maxChanges) return;
    const dropped = this.changes.length - maxChanges / 2;
    this.changes = this.changes.slice(dropped);
    this.forgotten += dropped;
  }

  looked(rev: string): void {
    // Deleted first, so that the order is that of the last use.
    this.frames.delete(rev);
    this.frames.set(rev, this.forgotten + this.changes.length);
    const [oldest] = this.frames.keys();
    if (this.frames.size > maxFrames && oldest !== undefined) this.frames.delete(oldest);
  }

  /** The parts that have changed since that frame, a few that hold all; null when that is not known. */
  since(rev: string): Region[] | null {
    const at = this.frames.get(rev);
    if (at === undefined || at < this.forgotten) return null;
    let parts: Region[] = [];
    for (const change of this.changes.slice(at - this.forgotten)) parts = joined(parts, change);
    return parts;
  }
}

/** Parts with one more; what touches becomes one, and so do the two that fit best when there are too many. */
function joined(parts: readonly Region[], added: Region): Region[] {
  const apart = parts.filter((part) => !overlaps(part, added));
  if (apart.length < parts.length) {
    return joined(apart, parts.filter((part) => overlaps(part, added)).reduce(hull, added));
  }
  if (parts.length < maxParts) return [...parts, added];
  const growth = (part: Region) => areaOf(hull(part, added)) - areaOf(part);
  const best = parts.toSorted((a, b) => growth(a) - growth(b))[0] ?? added;
  return joined(
    parts.filter((part) => part !== best),
    hull(best, added),
  );
}

function hull(a: Region, b: Region): Region {
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  };
}

function areaOf({ width, height }: Region): number {
  return width * height;
}
