import type { chromeDataOperations } from "../../src/contract/chrome-data.ts";
import { listCookies, removeCookies, setCookie } from "../browser/pages/cookies.ts";
import { listItems, removeItems, setItem } from "../browser/pages/storage.ts";
import type { Tabs } from "../browser/pages/tabs.ts";
import type { World } from "../browser/pages/world.ts";
import type { Tab } from "../browser/tab.ts";
import { type CallOf, restartedOf } from "./chrome-call.ts";
import type { HandlersOf } from "./handler.ts";

/** Cookies and storage of pages. */
export function chromeDataHandlers(tabs: Tabs): HandlersOf<typeof chromeDataOperations> {
  const onTab = async <T>(
    id: string | undefined,
    call: CallOf,
    act: (tab: Tab, signal: AbortSignal) => Promise<T>,
  ) => {
    const tab = await tabs.open(call.session, id, call.signal);
    return { ...(await act(tab, call.signal)), restarted: restartedOf(tab.browser, call) };
  };
  /** Storage is asked for in the page, so that one which cannot answer is an error at once. */
  const inWorld = <T>(
    id: string | undefined,
    call: CallOf,
    ask: (world: World, signal: AbortSignal) => Promise<T>,
  ) =>
    onTab(id, call, ({ watch }, signal) =>
      watch.answering(signal, (alive) => ask(watch.world, alive)),
    );
  return {
    "chrome.cookies": {
      reply: ({ all, tab }, call) => onTab(tab, call, (it, signal) => listCookies(it, all, signal)),
    },
    "chrome.cookies.set": {
      reply: ({ session: _, tab, ...cookie }, call) =>
        onTab(tab, call, async (it, signal) => {
          await setCookie(it, cookie, signal);
          return { name: cookie.name };
        }),
    },
    "chrome.cookies.rm": {
      reply: ({ name, all, tab }, call) =>
        onTab(tab, call, async (it, signal) => ({
          removed: await removeCookies(it, { name, all }, signal),
        })),
    },
    "chrome.storage": {
      reply: ({ area, key, tab }, call) =>
        inWorld(tab, call, (world, signal) => listItems(world, area, key, signal)),
    },
    "chrome.storage.set": {
      reply: ({ area, key, value, tab }, call) =>
        inWorld(tab, call, async (world, signal) => {
          await setItem(world, area, { key, value }, signal);
          return { key };
        }),
    },
    "chrome.storage.rm": {
      reply: ({ area, key, tab }, call) =>
        inWorld(tab, call, async (world, signal) => ({
          removed: await removeItems(world, area, key, signal),
        })),
    },
  };
}
