import type { PageLink } from "./page-link.ts";
import type { Frame } from "./script-calls.ts";

/** Where an element is, as long as its document is there. */
export interface ElementKey {
  target: string;
  frame: string;
  world: string;
  n: number;
}

/** The key under which an element has its ref. */
export function keyOf(
  { targetId }: Pick<PageLink, "targetId">,
  { id, world }: Frame,
  n: number,
): string {
  return `${targetId} ${id} ${world} ${n}`;
}

/** Null when it is no such key. */
export function readKey(key: string): ElementKey | null {
  const [, target = "", frame = "", world = "", n] = /^(\S+) (\S+) (\S+) (\d+)$/.exec(key) ?? [];
  return n === undefined ? null : { target, frame, world, n: Number(n) };
}
