import { NexoraError } from "../../../src/contract/errors.ts";
import { plainText } from "../../../src/plain-text.ts";
import { type World, WorldGone } from "./world.ts";

/** Items and characters that one reply has. */
const maxItems = 2_000;
const maxCharacters = 4_000_000;

export type StorageArea = "local" | "session";

/** The items of a page's storage, those of its own origin; `left`: how many were too much for one reply. */
export async function listItems(
  world: World,
  area: StorageArea,
  key: string | undefined,
  signal: AbortSignal,
): Promise<{ items: { key: string; value: string }[]; left: number }> {
  const script = `(() => {
    const items = [];
    let [left, room] = [0, ${maxCharacters}];
    const wanted = ${JSON.stringify(key ?? null)};
    for (let at = 0; at < ${area}Storage.length; at++) {
      const key = ${area}Storage.key(at);
      if (wanted !== null && key !== wanted) continue;
      const value = ${area}Storage.getItem(key);
      room -= key.length + value.length;
      if (items.length < ${maxItems} && room > 0) items.push([key, value]);
      else left++;
    }
    return { items, left };
  })()`;
  const said = (await asked(world, script, signal)) as { items?: unknown; left?: unknown } | null;
  const items = Array.isArray(said?.items) ? said.items.slice(0, maxItems) : [];
  const text = (it: unknown) => plainText(String(it).slice(0, maxCharacters));
  return {
    items: items
      .filter(Array.isArray)
      .map(([name, value]) => ({ key: text(name), value: text(value) })),
    left: Number(said?.left) || 0,
  };
}

/** Sets an item. Throws `action_failed` when the storage is full. */
export async function setItem(
  world: World,
  area: StorageArea,
  item: { key: string; value: string },
  signal: AbortSignal,
): Promise<void> {
  const [key, value] = [JSON.stringify(item.key), JSON.stringify(item.value)];
  await asked(world, `void ${area}Storage.setItem(${key}, ${value})`, signal);
}

/** Removes an item, or all of them; how many. */
export async function removeItems(
  world: World,
  area: StorageArea,
  key: string | undefined,
  signal: AbortSignal,
): Promise<number> {
  const script = `(() => {
    const before = ${area}Storage.length;
    ${key === undefined ? `${area}Storage.clear()` : `${area}Storage.removeItem(${JSON.stringify(key)})`};
    return before - ${area}Storage.length;
  })()`;
  return Number(await asked(world, script, signal)) || 0;
}

async function asked(world: World, script: string, signal: AbortSignal): Promise<unknown> {
  try {
    return await world.evaluate(script, signal);
  } catch (error) {
    if (!(error instanceof WorldGone)) throw error;
    const why = /quota/i.test(error.message) ? "is full" : "cannot be used by this page";
    throw new NexoraError("action_failed", `the storage ${why}`, {
      hint: "only pages of an origin have one: http://, https:// and most files, not about:blank",
    });
  }
}
