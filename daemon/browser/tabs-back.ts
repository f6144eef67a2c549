import { deadline } from "../../src/abort.ts";
import type { Browser } from "./browser.ts";
import type { TabIds } from "./tab-ids.ts";

/** How long tabs may take to come back by themselves, in milliseconds. */
const backMs = 3_000;

export interface TabPlace {
  id: string;
  url: string;
}

/** The tabs of a browser, as they are to come back. */
export function tabsOf(browser: Browser): TabPlace[] {
  return browser.pages().map(({ id, url }) => ({ id, url }));
}

export interface TabsBack {
  tabs: readonly TabPlace[];
  ids: Pick<TabIds, "missing">;
  /** The browser was started for them: what else is open nobody has asked for. */
  ours: boolean;
}

/**
 * Lets a browser have the tabs that it had. It saves them every few seconds: those that it does not bring back by
 * itself are opened, and those that it brings back as they were before that are closed.
 */
export async function completeTabs(
  browser: Browser,
  { tabs, ids, ours }: TabsBack,
  signal: AbortSignal,
): Promise<void> {
  const all = () => (ids.missing().length === 0 ? true : null);
  if (ours) {
    await browser.until(all, "not all tabs came back", deadline(backMs, signal)).catch(() => {});
  }
  const missing = [...ids.missing()];
  // Where a tab was elsewhere when it was saved, or not saved at all, there is another one in its place.
  const others = browser.pages().filter(({ id }) => !tabs.some((tab) => tab.id === id));
  const failed: unknown[] = [];
  for (const { url } of missing) {
    // The others come back all the same.
    await browser.newTab(url, signal).catch((error) => failed.push(error));
  }
  const opened = missing.length - failed.length;
  for (const page of ours ? others.slice(0, opened) : []) await browser.close(page, signal);
  if (failed.length > 0) throw failed[0];
}
