import type { Rectangle } from "../x11/requests.ts";
import type { Accessible, Atspi } from "./atspi.ts";
import { state } from "./roles.ts";

/** More children than these are not all looked at, and how many of such are asked for at once. */
const [many, portion] = [200, 50];
/** Most of them that are looked at. */
const most = 1000;
/** Lists, tables and trees: they may have a child for each row of a database. */
const long = new Set([31, 55, 65, 66, 98]);
/** Where a row is looked for below the upper edge, in pixels: under a header, too. */
const probes = [4, 30, 60];

/** The children of an element; of a long list, those around what shows. */
export async function childrenOf(
  atspi: Atspi,
  at: Accessible,
  own: { number: number; has: (bit: number) => boolean; box: Rectangle | null },
): Promise<{ children: Accessible[]; degraded: string | null }> {
  const isLong = long.has(own.number) || own.has(state.managesDescendants);
  const count = isLong ? await atspi.childCount(at) : 0;
  if (count > many)
    return { children: await shownOf(atspi, at, { count, box: own.box }), degraded: null };
  const children = await atspi.children(at);
  if (children.length <= most) return { children, degraded: null };
  const degraded = `one of its elements has ${children.length} in it: these are the first ${most}`;
  return { children: children.slice(0, most), degraded };
}

/** From the first that shows on, portion by portion, until one has none that shows. */
async function shownOf(
  atspi: Atspi,
  at: Accessible,
  { count, box }: { count: number; box: Rectangle | null },
): Promise<Accessible[]> {
  const found = await Promise.all(
    probes.map((below) => (box ? atspi.childAt(at, box.x + 4, box.y + below).catch(() => -1) : -1)),
  );
  const hits = found.filter((index) => index >= 0);
  const first = Math.max(0, Math.min(...(hits.length > 0 ? hits : [0])) - 1);
  const shown: Accessible[] = [];
  for (let start = first; start < count && shown.length < most; start += portion) {
    const length = Math.min(portion, count - start);
    const some = await Promise.all(
      Array.from({ length }, (_, offset) => atspi.child(at, start + offset).catch(() => null)),
    );
    const children = some.filter((child) => child !== null);
    shown.push(...children);
    const last = children.at(-1);
    const isShown = last && (await atspi.states(last).catch(() => null))?.(state.showing);
    if (!isShown) break;
  }
  return shown;
}
