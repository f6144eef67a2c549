import type { Framebuffer, Region } from "../display/types.ts";

/** Strips that a picture is cut into along the way that it moves: a scroll bar spoils only its own. */
const strips = 8;
/** Lines that must have moved alike, and the part of all that have moved, before that is believed. */
const leastLines = 8;
const leastPart = 0.6;

/** A part of a picture, as words of a pixel each. */
export interface Shot {
  width: number;
  height: number;
  words: Uint32Array;
}

/** A copy of what a part of the framebuffer shows now, turned by a corner when `turned`. */
export function shotOf(
  framebuffer: Framebuffer,
  { x, y, width, height }: Region,
  turned: boolean,
): Shot {
  const { pixels } = framebuffer;
  const source = new Uint32Array(pixels.buffer, pixels.byteOffset, pixels.length / 4);
  const words = new Uint32Array(width * height);
  for (let row = 0; row < height; row++) {
    const from = (y + row) * framebuffer.width + x;
    if (!turned) words.set(source.subarray(from, from + width), row * width);
    else for (let at = 0; at < width; at++) words[at * height + row] = source[from + at] ?? 0;
  }
  return turned ? { width: height, height: width, words } : { width, height, words };
}

/**
 * How many pixels most of a picture has moved up (below 0: down), by the lines that it had and has exactly
 * once; 0 when nothing has changed, null when that cannot be told.
 */
export function movedUp(before: Shot, after: Shot): number | null {
  if (Buffer.from(before.words.buffer).equals(Buffer.from(after.words.buffer))) return 0;
  const votes = new Map<number, number>();
  const { width, height } = before;
  for (let strip = 0; strip < strips; strip++) {
    const left = Math.floor((strip * width) / strips);
    const right = Math.floor(((strip + 1) * width) / strips);
    if (right <= left) continue;
    const old = onceOf(before, left, right);
    for (const [hash, y] of onceOf(after, left, right)) {
      const was = old.get(hash);
      if (was !== undefined && was !== y) votes.set(was - y, (votes.get(was - y) ?? 0) + 1);
    }
  }
  const [best] = [...votes].sort(([, a], [, b]) => b - a);
  const all = [...votes.values()].reduce((sum, count) => sum + count, 0);
  const isSure = best && best[1] >= Math.min(leastLines, height) && best[1] >= leastPart * all;
  return isSure ? best[0] : null;
}

/** The rows whose pixels between two columns no other row has, by their hashes. */
function onceOf({ width, height, words }: Shot, left: number, right: number): Map<bigint, number> {
  const once = new Map<bigint, number>();
  const several = new Set<bigint>();
  for (let y = 0; y < height; y++) {
    const hash = Bun.hash.wyhash(words.subarray(y * width + left, y * width + right));
    if (once.has(hash)) several.add(hash);
    else once.set(hash, y);
  }
  for (const hash of several) once.delete(hash);
  return once;
}
