import type { chromeReadingOperations } from "../../src/contract/chrome-reading.ts";
import { plainLine } from "../../src/plain-text.ts";
import type { Element, Elements } from "../browser/elements/elements.ts";
import { htmlOf } from "../browser/elements/html.ts";
import type { Snapshots } from "../browser/elements/snapshots.ts";
import { type TabOfTargetParts, tabOfTarget } from "../browser/elements/tab-of-target.ts";
import { textOf } from "../browser/elements/texts.ts";
import type { Page } from "../browser/page.ts";
import type { Tabs } from "../browser/pages/tabs.ts";
import { type CallOf, restartedOf } from "./chrome-call.ts";
import type { HandlersOf } from "./handler.ts";

export interface ReadingParts extends TabOfTargetParts {
  tabs: Tabs;
  elements: Elements;
  snapshots: Snapshots;
}

/** How long what is read may take to be there, in milliseconds. */
const readMs = 2_000;

/** What is on a page. */
export function chromeReadingHandlers(
  parts: ReadingParts,
): HandlersOf<typeof chromeReadingOperations> {
  const { tabs, elements, snapshots } = parts;
  const read = async <T>(
    input: { tab?: string | undefined; target?: string | undefined },
    call: CallOf,
    of: (where: { page: Page; signal: AbortSignal }, root: Element | null) => Promise<T>,
  ) => {
    const session = call.session.row.id;
    const id = tabOfTarget(parts, session, input.tab, input.target);
    const { page, browser, watch } = await tabs.see(call.session, id, call.signal);
    const found = await watch.answering(call.signal, async (signal) => {
      const root =
        input.target === undefined
          ? null
          : await elements.wait(session, page, input.target, readMs, signal);
      return of({ page, signal }, root);
    });
    const { url, title } = page;
    const place = { tab: page.id, url: plainLine(url), title: plainLine(title) };
    return { ...place, ...found, restarted: restartedOf(browser, call) };
  };
  return {
    "chrome.snapshot": {
      reply: (input, call) =>
        read(input, call, ({ page, signal }, root) =>
          snapshots.take(
            call.session.row.id,
            page,
            { ...input, root, most: input.maxOutput },
            signal,
          ),
        ),
    },
    "chrome.text": {
      reply: (input, call) =>
        read(input, call, ({ page, signal }, root) =>
          textOf(elements, page, root, input.maxOutput, signal),
        ),
    },
    "chrome.html": {
      reply: (input, call) =>
        read(input, call, ({ page, signal }, root) =>
          htmlOf(elements, page, root, input.maxOutput, signal),
        ),
    },
  };
}
