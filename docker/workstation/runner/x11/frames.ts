import type { XConnection } from "./connection.ts";
import { queryTree } from "./messages.ts";
import { getNumbers } from "./requests.ts";
import type { WindowAtoms } from "./window-facts.ts";

/** Most managed windows that are looked at, and most children of the root. */
const [most, mostTops] = [256, 1024];
/** Deepest nesting of a client's window in its frame. */
const deepest = 8;

/** A managed window, and the child of the root that it is in: the frame that its manager put around it. */
interface Framed {
  client: number;
  frame: number;
}

/**
 * The children of the root, and the managed windows among and in them; of each the topmost first, by what
 * the X server itself says: what the manager publishes (`_NET_CLIENT_LIST_STACKING`) may be older.
 */
export async function stackOf(
  x: XConnection,
  atoms: WindowAtoms,
): Promise<{ tops: number[]; framed: Framed[] }> {
  const [listed, root] = await Promise.all([
    getNumbers(x, x.root, atoms._NET_CLIENT_LIST_STACKING),
    queryTree(x, x.root),
  ]);
  // Any program may write the list.
  const clients = [...new Set(listed)].slice(-most);
  const tops = root?.children.slice(-mostTops) ?? [];
  const order = new Map(tops.map((window, at) => [window, at]));
  const framed = await Promise.all(
    clients.map(async (client) => ({ client, frame: await frameOf(x, client) })),
  );
  const height = (frame: number) => order.get(frame) ?? -1;
  return {
    tops: tops.reverse(),
    framed: framed
      .filter(({ frame }) => order.has(frame))
      .sort((a, b) => height(b.frame) - height(a.frame)),
  };
}

async function frameOf(x: XConnection, client: number): Promise<number> {
  let window = client;
  for (let depth = 0; depth < deepest; depth++) {
    const parent = (await queryTree(x, window))?.parent ?? 0;
    if (parent === 0 || parent === x.root) break;
    window = parent;
  }
  return window;
}
