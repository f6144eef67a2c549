import type { Live } from "../../sessions/directory.ts";
import type { Browsers } from "../browsers.ts";
import type { Tab } from "../tab.ts";
import type { PageWatches } from "./watches.ts";

/** Finds the tab that a verb is about. */
export class Tabs {
  constructor(
    private readonly browsers: Browsers,
    private readonly watches: PageWatches,
  ) {
    // From when a page comes, so that its console and its requests are known from the first on.
    browsers.onBrowser((browser) => browser.onPage((page) => watches.begin(page)));
  }

  /** A tab by its id, the active one without; starts the browser when it does not run. Throws `not_found`. */
  async open(session: Live, tab: string | undefined, signal: AbortSignal): Promise<Tab> {
    const { id } = session.row;
    const browser = await this.browsers.of(session, signal);
    const page = await browser.page(tab, signal);
    return { session: id, browser, page, watch: await this.watches.of(page, signal) };
  }
}
