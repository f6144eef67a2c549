import { chromeDataHandlers } from "../operations/chrome-data.ts";
import { chromePageHandlers } from "../operations/chrome-pages.ts";
import { chromeEmulateHandlers, chromePictureHandlers } from "../operations/chrome-pictures.ts";
import { chromeRecordHandlers } from "../operations/chrome-records.ts";
import type { Matches } from "../patterns/patterns.ts";
import { PageActions } from "./acting.ts";
import type { Browsers } from "./browsers.ts";
import { Emulations } from "./pages/emulation.ts";
import { PageWaits } from "./pages/page-waits.ts";
import type { PageReader } from "./pages/reader.ts";
import { Tabs } from "./pages/tabs.ts";
import { PageWatches } from "./pages/watches.ts";

/** What is known of pages, and what is done with them; their handlers. */
export function assemblePages(browsers: Browsers, matches: Matches, reader: PageReader) {
  const tabs = new Tabs(browsers, new PageWatches());
  const actions = new PageActions(reader);
  const waits = new PageWaits(matches, reader);
  const handlers = {
    ...chromePageHandlers({ tabs, actions, waits }),
    ...chromeDataHandlers(tabs),
    ...chromeRecordHandlers(tabs, matches),
    ...chromePictureHandlers(tabs, reader),
    ...chromeEmulateHandlers(tabs, new Emulations()),
  };
  return { tabs, actions, handlers };
}
