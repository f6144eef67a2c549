import type { Browser } from "./browser.ts";
import type { Page } from "./page.ts";
import type { PageWatch } from "./pages/watch.ts";

/** A tab of a session's browser, with what is known of its page. */
export interface Tab {
  /** Id of the session. */
  session: string;
  browser: Browser;
  page: Page;
  watch: PageWatch;
}
