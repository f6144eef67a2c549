import type { Rectangle } from "../x11/requests.ts";

/** What two boxes have in common; null: nothing. */
export function intersection(a: Rectangle, b: Rectangle): Rectangle | null {
  const [x, y] = [Math.max(a.x, b.x), Math.max(a.y, b.y)];
  const width = Math.min(a.x + a.width, b.x + b.width) - x;
  const height = Math.min(a.y + a.height, b.y + b.height) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : null;
}

/** Whether the middle of a box is within another one. */
export function isIn(box: Rectangle, outer: Rectangle): boolean {
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const { x: left, y: top, width, height } = outer;
  return x >= left && y >= top && x < left + width && y < top + height;
}

/** Siblings in the order in which one reads: row by row, from the left to the right. */
export function inReadingOrder<T extends { box: Rectangle | null }>(all: readonly T[]): T[] {
  if (all.some(({ box }) => box === null)) return [...all];
  const rows: { middle: number; items: T[] }[] = [];
  const top = ({ box }: T) => box?.y ?? 0;
  for (const each of all.toSorted((a, b) => top(a) - top(b))) {
    const row = rows.at(-1);
    // On one row is what begins above the middle of the first that is on it.
    if (row && top(each) < row.middle) row.items.push(each);
    else rows.push({ middle: top(each) + (each.box?.height ?? 0) / 2, items: [each] });
  }
  const left = ({ box }: T) => box?.x ?? 0;
  return rows.flatMap(({ items }) => items.toSorted((a, b) => left(a) - left(b)));
}
