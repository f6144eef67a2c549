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

/** Opens the tabs that a browser does not bring back by itself: it saves them every few seconds. */
export async function openMissing(
  browser: Browser,
  ids: Pick<TabIds, "missing">,
  signal: AbortSignal,
): Promise<void> {
  const all = () => (ids.missing().length === 0 ? true : null);
  await browser.until(all, "not all tabs came back", deadline(backMs, signal)).catch(() => {});
  const missing = [...ids.missing()];
  // Where nothing was saved, there is an empty one instead.
  const empty = browser.pages().filter(({ url }) => url.startsWith("chrome://new"));
  for (const { url } of missing) await browser.newTab(url, signal);
  if (missing.length > 0) for (const page of empty) await browser.close(page, signal);
}
