import type { chromeOperations } from "../../src/contract/chrome.ts";
import type { Tab } from "../../src/contract/tab.ts";
import { plainLine } from "../../src/plain-text.ts";
import type { RunnerBrowser } from "../../src/runner/browser.ts";
import type { Browser } from "../browser/browser.ts";
import type { Browsers } from "../browser/browsers.ts";
import type { Page } from "../browser/page.ts";
import type { HandlersOf } from "./handler.ts";

export function chromeHandlers(browsers: Browsers): HandlersOf<typeof chromeOperations> {
  const status = async (browser: Browser, signal: AbortSignal) => ({
    installed: true,
    running: true,
    version: browser.version,
    tabs: await tabsOf(browser, signal),
    ...browser.told(),
  });
  const noneRuns = ({ installed, running }: RunnerBrowser) => ({
    installed,
    running: running !== null,
    began: false,
    version: running?.version ?? null,
    tabs: [],
    restarted: null,
  });
  return {
    "chrome.start": {
      async reply({ url, downloads }, { session, signal }) {
        const { browser, opens } = await browsers.openAt(session, url, signal);
        if (downloads !== undefined) await browsers.downloadTo(session, downloads, signal);
        if (url !== undefined && !opens) await browser.newTab(url, signal);
        return status(browser, signal);
      },
    },
    "chrome.stop": {
      reply: async (_, { session, signal }) => noneRuns(await browsers.stop(session, signal)),
    },
    "chrome.status": {
      async reply(_, { session, signal }) {
        const browser = () => browsers.existing(session, signal);
        const seen = await twice(browser, (it) => it && status(it, signal));
        return seen ?? noneRuns(await browsers.look(session, signal));
      },
    },
    "chrome.tabs": {
      async reply(_, { session, signal }) {
        const browser = () => browsers.of(session, signal);
        return twice(browser, async (it) => {
          const tabs = await tabsOf(it, signal);
          return { tabs, restarted: it.told().restarted };
        });
      },
    },
    "chrome.tabs.new": {
      async reply({ url }, { session, signal }) {
        const { browser, opens } = await browsers.openAt(session, url, signal);
        const { restarted } = browser.told();
        const page = opens ? await browser.active(signal) : await browser.newTab(url, signal);
        return { tab: tabOf(page, page), restarted };
      },
    },
    "chrome.tabs.switch": {
      async reply({ tab }, { session, signal }) {
        const browser = await browsers.of(session, signal);
        const page = await browser.page(tab, signal);
        await browser.activate(page, signal);
        return { tab: tabOf(page, page), restarted: browser.told().restarted };
      },
    },
    "chrome.tabs.close": {
      async reply({ tab }, { session, signal }) {
        const browser = await browsers.of(session, signal);
        const { restarted } = browser.told();
        await browser.close(await browser.page(tab, signal), signal);
        return { tabs: browser.signal.aborted ? [] : await tabsOf(browser, signal), restarted };
      },
    },
  };
}

/** Reads from a browser, and again from the one that is there once it has died meanwhile. */
async function twice<B extends Browser | null, T>(
  find: () => Promise<B>,
  read: (browser: B) => T,
): Promise<Awaited<T>> {
  const browser = await find();
  try {
    return await read(browser);
  } catch (error) {
    if (!browser?.signal.aborted) throw error;
    return await read(await find());
  }
}

async function tabsOf(browser: Browser, signal: AbortSignal): Promise<Tab[]> {
  await browser.refresh(signal);
  const pages = browser.pages();
  const active = pages.length > 0 ? await browser.active(signal) : null;
  return pages.map((page) => tabOf(page, active));
}

function tabOf(page: Page, active: Page | null): Tab {
  const { id, url, title } = page;
  return { id, url: plainLine(url), title: plainLine(title), active: page === active };
}
