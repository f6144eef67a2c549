import type { chromeDataOperations } from "../../src/contract/chrome-data.ts";
import { listCookies, removeCookies, setCookie } from "../browser/pages/cookies.ts";
import { listItems, removeItems, setItem } from "../browser/pages/storage.ts";
import type { Tabs } from "../browser/pages/tabs.ts";
import type { Tab } from "../browser/tab.ts";
import type { Live } from "../sessions/directory.ts";
import type { HandlersOf } from "./handler.ts";

interface CallOf {
  session: Live;
  signal: AbortSignal;
}

/** Cookies and storage of pages. */
export function chromeDataHandlers(tabs: Tabs): HandlersOf<typeof chromeDataOperations> {
  /** Storage is asked for in the page, so that one which cannot answer is an error at once. */
  const inPage = async <T>(
    id: string | undefined,
    { session, signal }: CallOf,
    ask: (tab: Tab, signal: AbortSignal) => Promise<T>,
  ) => {
    const tab = await tabs.open(session, id, signal);
    return tab.watch.answering(signal, (alive) => ask(tab, alive));
  };
  return {
    "chrome.cookies": {
      reply: async ({ all, tab }, { session, signal }) =>
        listCookies(await tabs.open(session, tab, signal), all, signal),
    },
    "chrome.cookies.set": {
      async reply({ session: _, tab, ...cookie }, { session, signal }) {
        await setCookie(await tabs.open(session, tab, signal), cookie, signal);
        return { name: cookie.name };
      },
    },
    "chrome.cookies.rm": {
      reply: async ({ name, all, tab }, { session, signal }) => ({
        removed: await removeCookies(await tabs.open(session, tab, signal), { name, all }, signal),
      }),
    },
    "chrome.storage": {
      reply: ({ area, key, tab }, call) =>
        inPage(tab, call, ({ page }, signal) => listItems(page, area, key, signal)),
    },
    "chrome.storage.set": {
      async reply({ area, key, value, tab }, call) {
        await inPage(tab, call, ({ page }, signal) => setItem(page, area, { key, value }, signal));
        return { key };
      },
    },
    "chrome.storage.rm": {
      reply: async ({ area, key, tab }, call) => ({
        removed: await inPage(tab, call, ({ page }, signal) =>
          removeItems(page, area, key, signal),
        ),
      }),
    },
  };
}
