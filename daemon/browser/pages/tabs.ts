import { NexoraError } from "../../../src/contract/errors.ts";
import type { Live } from "../../sessions/directory.ts";
import type { Browser } from "../browser.ts";
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
    return this.tab(await this.browsers.of(session, signal), session, tab, signal);
  }

  /** As `open`, for who only looks: nothing is started or opened. Throws `not_found` when no browser runs. */
  async see(session: Live, tab: string | undefined, signal: AbortSignal): Promise<Tab> {
    const browser = await this.browsers.existing(session, signal);
    if (browser && browser.pages().length > 0) return this.tab(browser, session, tab, signal);
    const what = browser ? "the browser has no tab" : "the browser does not run";
    throw new NexoraError("not_found", `${what}: there is no page to look at`, {
      hint: "`nexora chrome goto URL` opens one",
    });
  }

  private async tab(
    browser: Browser,
    { row }: Live,
    tab: string | undefined,
    signal: AbortSignal,
  ): Promise<Tab> {
    const page = await browser.page(tab, signal);
    return { session: row.id, browser, page, watch: await this.watches.of(page, signal) };
  }
}
