import { within } from "../../../src/abort.ts";
import type { Page } from "../page.ts";
import { PageWatch } from "./watch.ts";

/** One watch for each page, from when it is first heard of. */
export class PageWatches {
  private readonly watches = new WeakMap<Page, Promise<PageWatch>>();

  of(page: Page, signal: AbortSignal): Promise<PageWatch> {
    return within(this.begin(page), signal);
  }

  /** Begins to watch a page, unless it is watched; whoever asks for it first need not wait. */
  begin(page: Page): Promise<PageWatch> {
    const known = this.watches.get(page);
    if (known) return known;
    const watch = PageWatch.begin(page);
    this.watches.set(page, watch);
    return watch;
  }
}
