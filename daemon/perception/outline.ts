import type { Thing } from "./refs.ts";

/** Most things of a window that are told at once. */
const most = 150;

/** A thing, and how many in it are left out. */
export interface Outlined<T> {
  thing: T;
  holds: number;
}

/** The things that are in one, which comes first of them; `things` are in reading order, with their depths. */
export function partOf<T extends Pick<Thing, "depth">>(things: readonly T[], at: number): T[] {
  const whole = things[at];
  if (!whole) return [];
  const behind = things.slice(at + 1).findIndex(({ depth }) => depth <= whole.depth);
  return things.slice(at, behind < 0 ? undefined : at + 1 + behind);
}

/**
 * All of them when they are not too many; else those that are in as few others as must be, each with
 * how many it holds. More than that are cut off at the end, which `left` counts.
 */
export function outline<T extends Pick<Thing, "depth">>(
  things: readonly T[],
): { shown: Outlined<T>[]; left: number } {
  const least = Math.min(...things.map(({ depth }) => depth));
  let deepest = Math.max(...things.map(({ depth }) => depth));
  const upTo = (depth: number) => things.filter((thing) => thing.depth <= depth);
  while (deepest > least && upTo(deepest).length > most) deepest--;
  const shown: Outlined<T>[] = [];
  for (const thing of things) {
    const last = shown.at(-1);
    if (thing.depth <= deepest) shown.push({ thing, holds: 0 });
    else if (last) last.holds++;
  }
  return { shown: shown.slice(0, most), left: Math.max(0, shown.length - most) };
}
