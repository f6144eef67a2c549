import type { Framebuffer, Region } from "../display/types.ts";

/** The largest that is taken for a caret, in pixels: the block of a big font. */
const widest = 48;
const highest = 96;
/** No caret changes faster, in milliseconds. */
const shortestMs = 150;
/** Small places that are remembered at a time. */
const maxPlaces = 8;

/** A small part of the desktop that has changed by itself. */
interface Place {
  region: Region;
  /** What it has shown after its last changes, as hashes; of a caret, the two that it shows in turn. */
  shows: readonly bigint[];
  at: number;
  isCaret: boolean;
}

/**
 * Tells changes from a caret's blinking: something small that shows A, B and A again, each for a moment.
 * Once that is known of a place, the changes that led there count no more, either.
 */
export class CaretFilter {
  private readonly places = new Map<string, Place>();
  private otherAt = Number.NEGATIVE_INFINITY;

  /** Takes what has changed, at a time in milliseconds; `screen` shows it already. */
  changed(regions: readonly Region[], screen: Framebuffer, now: number): void {
    const isSmall = ({ width, height }: Region) => width <= widest && height <= highest;
    for (const region of regions) {
      if (isSmall(region)) this.small(region, hashOf(region, screen), now);
      else this.otherAt = now;
    }
  }

  /** When something has changed last that is no caret. */
  get changedAt(): number {
    const others = [...this.places.values()].filter(({ isCaret }) => !isCaret);
    return Math.max(this.otherAt, ...others.map(({ at }) => at));
  }

  /** A caret that has been seen to blink. */
  get caret(): Region | null {
    return [...this.places.values()].findLast(({ isCaret }) => isCaret)?.region ?? null;
  }

  private small(region: Region, shown: bigint, now: number): void {
    const key = Object.values(region).join();
    const before = this.places.get(key);
    const isSteady = before !== undefined && now - before.at >= shortestMs;
    const goesOn = isSteady && (!before.isCaret || before.shows.includes(shown));
    const shows = [...(goesOn ? before.shows : []), shown].slice(-3);
    const [first, second, third] = shows;
    const isCaret = shows.length === 3 && first === third && first !== second;
    this.places.delete(key);
    this.places.set(key, { region, shows, at: now, isCaret });
    if (this.places.size > maxPlaces) this.forgetOldest();
  }

  private forgetOldest(): void {
    const [[key, { at, isCaret }] = ["", { at: 0, isCaret: true }]] = this.places;
    this.places.delete(key);
    if (!isCaret) this.otherAt = Math.max(this.otherAt, at);
  }
}

function hashOf({ x, y, width, height }: Region, screen: Framebuffer): bigint {
  let hash = 0n;
  for (let row = y; row < Math.min(y + height, screen.height); row++) {
    const from = 4 * (row * screen.width + x);
    hash = Bun.hash.wyhash(screen.pixels.subarray(from, from + 4 * width), hash);
  }
  return hash;
}
