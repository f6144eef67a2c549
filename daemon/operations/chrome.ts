import type { chromeOperations } from "../../src/contract/chrome.ts";
import type { Tab } from "../../src/contract/tab.ts";
import { plainLine } from "../../src/plain-text.ts";
import type { RunnerBrowser } from "../../src/runner/browser.ts";
import type { Browser } from "../browser/browser.ts";
import type { Browsers } from "../browser/browsers.ts";
import type { Page } from "../browser/page.ts";
import { urlOf } from "../browser/pages/addresses.ts";
import { type CallOf, restartedOf } from "./chrome-call.ts";
import type { HandlersOf } from "./handler.ts";

export function chromeHandlers(browsers: Browsers): HandlersOf<typeof chromeOperations> {
  const status = async (browser: Browser, call: CallOf) => ({
    installed: true,
    running: true,
    began: false,
    version: browser.version,
    tabs: await tabsOf(browser, call.signal),
    restarted: restartedOf(browser, call),
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
      async reply({ url: address, downloads }, call) {
        const { session, signal } = call;
        const url = address === undefined ? undefined : urlOf(address);
        const { browser, began } = await browsers.openAt(session, url, signal);
        if (downloads !== undefined) await browsers.downloadTo(session, downloads, signal);
        if (url !== undefined && !began) await browser.newTab(url, signal);
        return { ...(await status(browser, call)), began };
      },
    },
    "chrome.stop": {
      reply: async (_, { session, signal }) => noneRuns(await browsers.stop(session, signal)),
    },
    "chrome.status": {
      async reply(_, call) {
        const { session, signal } = call;
        const browser = () => browsers.existing(session, signal);
        const seen = await twice(browser, (it) => it && status(it, call));
        return seen ?? noneRuns(await browsers.look(session, signal));
      },
    },
    "chrome.tabs": {
      async reply(_, call) {
        const { session, signal } = call;
        const browser = () => browsers.existing(session, signal);
        const tabs = await twice(browser, async (it) => it && tabsOf(it, signal));
        const restarted = restartedOf(browsers.running(session.row.id), call);
        return { tabs: tabs ?? [], restarted };
      },
    },
    "chrome.tabs.new": {
      async reply({ url: address }, call) {
        const { session, signal } = call;
        const url = urlOf(address);
        const { browser, began } = await browsers.openAt(session, url, signal);
        const page = began ? await browser.active(signal) : await browser.newTab(url, signal);
        return { tab: tabOf(page, page), restarted: restartedOf(browser, call) };
      },
    },
    "chrome.tabs.switch": {
      async reply({ tab }, call) {
        const { session, signal } = call;
        const browser = await browsers.of(session, signal);
        const page = await browser.page(tab, signal);
        await browser.activate(page, signal);
        return { tab: tabOf(page, page), restarted: restartedOf(browser, call) };
      },
    },
    "chrome.tabs.close": {
      async reply({ tab }, call) {
        const { session, signal } = call;
        const browser = await browsers.of(session, signal);
        await browser.close(await browser.page(tab, signal), signal);
        const tabs = browser.signal.aborted ? [] : await tabsOf(browser, signal);
        return { tabs, restarted: restartedOf(browser, call) };
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
