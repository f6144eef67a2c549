import { within } from "../../../src/abort.ts";
import type { Changed, PageDialog } from "../../../src/contract/chrome-changes.ts";
import { plainLine } from "../../../src/plain-text.ts";
import type { Browser } from "../browser.ts";
import type { Facts } from "./facts.ts";
import { cleanUrl, type PageEvent, type PageWatch } from "./watch.ts";

/** Downloads that one reply names. */
const maxDownloads = 20;

type Download = Changed["downloads"][number];

/** What happens to a page and its browser while somebody acts on it. */
export class Changes implements Disposable {
  /** The last place that the page has gone to. */
  navigated: { within: boolean } | null = null;
  private dialog: PageDialog | null = null;
  private opening = false;
  /** When it was begun to look (Date.now); the clocks of pages differ a little. */
  readonly since = Date.now() - 1_000;
  private downloading = false;
  private readonly downloadBegan = Promise.withResolvers<void>();
  private readonly before: ReadonlySet<string>;
  private readonly downloads = new Map<string, Download>();
  private readonly ends: (() => void)[];

  constructor(
    private readonly browser: Browser,
    private readonly watch: PageWatch,
  ) {
    this.before = new Set(browser.pages().map(({ id }) => id));
    this.ends = [
      watch.on((event) => this.note(event)),
      browser.on("Browser.downloadWillBegin", ({ guid, suggestedFilename }) => {
        this.downloadBegan.resolve();
        if (this.downloads.size >= maxDownloads) return;
        const file = plainLine(String(suggestedFilename)).slice(0, 255);
        this.downloads.set(String(guid), { file, state: "running" });
      }),
      browser.on("Browser.downloadProgress", ({ guid, state, filePath }) => {
        const it = this.downloads.get(guid);
        if (!it || state === "inProgress") return;
        it.state = state === "completed" ? "done" : "failed";
        if (filePath && state === "completed") it.file = plainLine(filePath).slice(0, 4096);
      }),
    ];
  }

  [Symbol.dispose](): void {
    for (const end of this.ends) end();
  }

  /** Whether the page is still there and can be asked. */
  isOpen(): boolean {
    return this.watch.dialog === null && this.browser.pages().includes(this.watch.page);
  }

  /** Whether the page has been closed. */
  isGone(): boolean {
    return !this.browser.pages().includes(this.watch.page);
  }

  /** Resolves with null when a dialog opens, or is open. */
  dialogOpens(signal: AbortSignal): { opened: Promise<null> } & Disposable {
    const over = new AbortController();
    const until = AbortSignal.any([signal, over.signal]);
    const { promise, resolve } = Promise.withResolvers<null>();
    const look = async () => {
      await this.watch.until(() => this.watch.dialog !== null, until).catch(() => {});
      if (this.watch.dialog !== null) resolve(null);
    };
    void look();
    return { opened: promise, [Symbol.dispose]: () => over.abort() };
  }

  /** Waits for the tab that the page has begun to open; whether one has come. */
  async tabsCome(signal: AbortSignal): Promise<boolean> {
    if (!this.opening || this.opened().length > 0) return this.opened().length > 0;
    const { promise, resolve } = Promise.withResolvers<void>();
    const off = this.browser.onPage(({ id }) => !this.before.has(id) && resolve());
    signal.addEventListener("abort", () => resolve(), { once: true });
    if (!signal.aborted) await promise;
    off();
    return this.opened().length > 0;
  }

  /** Waits until the browser says what it keeps as a file, when the page has asked for that. */
  async downloadsBegin({ keeps }: Facts, signal: AbortSignal): Promise<void> {
    // A link to another site is followed all the same.
    if (this.navigated || !(this.downloading || keeps)) return;
    await within(this.downloadBegan.promise, signal).catch(() => {});
  }

  /** Waits for the document that the page is on its way to; whether it has gone elsewhere. */
  async arrives(signal: AbortSignal): Promise<boolean> {
    const { watch } = this;
    const { loads } = watch;
    const isThere = () =>
      watch.dialog !== null ||
      (watch.leaving === null && loads.has(loads.current, "domcontentloaded"));
    const goes = watch.leaving !== null || this.navigated?.within === false;
    if (goes) await watch.until(isThere, signal).catch(() => watch.stayUnlessAsked());
    return this.navigated !== null;
  }

  closed(): string[] {
    const now = new Set(this.browser.pages().map(({ id }) => id));
    return [...this.before].filter((id) => !now.has(id));
  }

  /** All of it as a reply tells it, but for the snapshot. */
  told({ url, title, focused }: Facts): Omit<Changed, "snapshot"> {
    const { loads, failure } = this.watch;
    const status = this.navigated?.within ? null : loads.status(loads.current);
    const place = { url: failure?.url ?? cleanUrl(url), title: plainLine(title) };
    return {
      navigated: this.navigated && { ...place, status, failed: failure?.reason ?? null },
      loading: this.watch.leaving,
      opened: this.opened(),
      closed: this.closed(),
      dialog: this.dialog,
      downloads: [...this.downloads.values()],
      focused,
    };
  }

  private opened(): Changed["opened"] {
    return this.browser
      .pages()
      .filter(({ id }) => !this.before.has(id))
      .map(({ id, url, title }) => ({ tab: id, url: cleanUrl(url), title: plainLine(title) }));
  }

  private note(event: PageEvent): void {
    if (event.type === "opening") this.opening = true;
    if (event.type === "downloading") this.downloading = true;
    if (event.type === "dialog") this.dialog = this.watch.dialog;
    if (event.type !== "navigated") return;
    this.navigated = { within: event.within && this.navigated?.within !== false };
  }
}
