import type { XConnection } from "./connection.ts";
import { queryTree } from "./messages.ts";
import { getNumbers } from "./requests.ts";
import type { WindowAtoms } from "./window-facts.ts";

/** Most windows that are looked at. */
const most = 256;
/** Deepest nesting of a client's window in its frame. */
const deepest = 8;

/**
 * The managed windows, each with the child of the root that it is in: the frame that the window manager
 * has put around it. The topmost first, by what the X server itself says: what the manager publishes
 * (`_NET_CLIENT_LIST_STACKING`) may be older.
 */
export async function framesOf(
  x: XConnection,
  atoms: WindowAtoms,
): Promise<{ client: number; frame: number }[]> {
  const [listed, root] = await Promise.all([
    getNumbers(x, x.root, atoms._NET_CLIENT_LIST_STACKING),
    queryTree(x, x.root),
  ]);
  // Any program may write the list.
  const clients = [...new Set(listed)].slice(-most);
  const order = new Map(root?.children.map((window, at) => [window, at]));
  const framed = await Promise.all(
    clients.map(async (client) => ({ client, frame: await frameOf(x, client) })),
  );
  const height = (frame: number) => order.get(frame) ?? -1;
  return framed
    .filter(({ frame }) => order.has(frame))
    .sort((a, b) => height(b.frame) - height(a.frame));
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
