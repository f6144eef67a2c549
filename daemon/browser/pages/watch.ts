import type { PageDialog } from "../../../src/contract/chrome-changes.ts";
import { NexoraError } from "../../../src/contract/errors.ts";
import { ownText, plainLine, plainText } from "../../../src/plain-text.ts";
import type { EventName, EventParams } from "../cdp/protocol.ts";
import type { Page } from "../page.ts";
import { ConsoleLog } from "./console-log.ts";
import { Loads } from "./loads.ts";
import { NetworkLog } from "./network-log.ts";
import { World } from "./world.ts";

/** How long a page may take to tell of itself, in milliseconds: one that is busy is not waited for. */
const beginMs = 3_000;

/** What a page is told to tell. */
const domains = [
  ["Page.enable", {}],
  ["Page.setLifecycleEventsEnabled", { enabled: true }],
  ["Inspector.enable", {}],
  // Bodies are kept nowhere, so that a page cannot fill the browser's memory by being watched.
  ["Network.enable", { maxTotalBufferSize: 0, maxResourceBufferSize: 0, maxPostDataSize: 0 }],
  ["Log.enable", {}],
  ["Runtime.enable", {}],
] as const;

/** What happens to a page, as far as somebody waits for it. */
export type PageEvent =
  /** It is on its way to another document. */
  | { type: "leaving"; url: string }
  /** It comes to nothing: a download, an answer without a document. */
  | { type: "stayed" }
  | { type: "navigated"; url: string; within: boolean }
  /** Its document has loaded further. */
  | { type: "loaded" }
  /** It opens another tab. */
  | { type: "opening" }
  /** It has asked for something to be kept as a file. */
  | { type: "downloading" }
  | { type: "dialog" | "answered" | "crashed" | "answer" };

/** What is known of one page: where it is, how far it has loaded, what it says and what blocks it. */
export class PageWatch {
  readonly loads = new Loads();
  readonly console = new ConsoleLog();
  readonly network = new NetworkLog();
  /** Where our own scripts ask the page. */
  readonly world: World;
  dialog: PageDialog | null = null;
  /** Where it is on its way to; null: it is there. */
  leaving: string | null = null;
  /** What could not be opened, in whose place an error page is there; null: what is there is what was asked for. */
  failure: { url: string; reason: string } | null = null;
  /** Why what it is on its way to will be an error page. */
  private failing = "";
  /** The loader of what it is on its way to, once that has begun. */
  private nextLoader: string | null = null;
  /** The newest request when somebody last began to act on the page. */
  acted = 0;
  private gone = new AbortController();
  private readonly listeners = new Set<(event: PageEvent) => void>();

  private constructor(readonly page: Page) {
    this.world = new World(page);
  }

  /** Resolves once the page tells of itself; also when it is too busy to say so. */
  static async begin(page: Page): Promise<PageWatch> {
    const watch = new PageWatch(page);
    watch.follow();
    await Promise.all([watch.enable(page.session), watch.arrived()]);
    return watch;
  }

  get crashed(): boolean {
    return this.gone.signal.aborted;
  }

  /** Aborts with `signal`, with `page_crashed` when the page crashes, and when its tab is closed. */
  alive(signal: AbortSignal): AbortSignal {
    return AbortSignal.any([signal, this.gone.signal, this.page.signal]);
  }

  /**
   * Asks the page something. Throws `dialog_open` as soon as a dialog keeps it from answering, and `page_crashed`;
   * the signal that `ask` is given aborts then.
   */
  async answering<T>(signal: AbortSignal, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.checkOpen();
    const blocked = new AbortController();
    const off = this.on(({ type }) => type === "dialog" && blocked.abort());
    try {
      return await ask(AbortSignal.any([this.alive(signal), blocked.signal]));
    } catch (error) {
      if (blocked.signal.aborted) this.checkOpen();
      throw error;
    } finally {
      off();
    }
  }

  /** Calls back for all that happens from now on; returns what ends it. */
  on(listener: (event: PageEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Resolves when it holds: it is asked now, and after everything that happens. */
  async until(holds: () => boolean, signal: AbortSignal): Promise<void> {
    if (holds()) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const off = this.on(() => holds() && resolve());
    signal.addEventListener("abort", () => resolve(), { once: true });
    if (!signal.aborted) await promise;
    off();
    if (!holds()) signal.throwIfAborted();
  }

  /** Throws when nothing can be asked of the page now. */
  checkOpen(): void {
    if (this.crashed) throw crash(this.page);
    if (!this.dialog) return;
    const { type, message } = this.dialog;
    throw new NexoraError(
      "dialog_open",
      `a dialog (${type}) blocks tab ${this.page.id}: ${JSON.stringify(message)}`,
      {
        hint: "answer it: `nexora chrome dialog accept` or `nexora chrome dialog dismiss`",
        details: { dialog: this.dialog },
      },
    );
  }

  private async enable(session: string): Promise<void> {
    const options = { session, timeoutMs: beginMs };
    // A page that is gone, or busy, tells nothing.
    await Promise.allSettled(
      domains.map(([method, params]) => this.page.send(method, params, options)),
    );
  }

  /** The document of a tab that has just been opened may have come before anything was told. */
  private async arrived(): Promise<void> {
    const { page, loads } = this;
    const asked = page.send("Page.getFrameTree", undefined, { timeoutMs: beginMs });
    const tree = await asked.catch(() => null);
    if (tree && loads.current === "") loads.commit(tree.frameTree.frame.loaderId, false);
  }

  private emit(event: PageEvent): void {
    for (const listener of [...this.listeners]) listener(event);
  }

  private follow(): void {
    const { page, loads, console, network } = this;
    const isMain = (frame: string | undefined) => frame === page.targetId;
    this.hear("Page.frameRequestedNavigation", ({ frameId, url, disposition }) => {
      if (disposition === "download") this.emit({ type: "downloading" });
      else if (disposition !== "currentTab") this.emit({ type: "opening" });
      else if (isMain(frameId)) this.leave(url);
    });
    this.hear("Page.frameStartedNavigating", ({ frameId, url, navigationType, loaderId }) => {
      const within = navigationType === "sameDocument" || navigationType === "historySameDocument";
      if (!isMain(frameId) || within) return;
      this.nextLoader = loaderId;
      this.leave(url);
    });
    this.hear("Page.windowOpen", () => this.emit({ type: "opening" }));
    this.hear("Page.frameNavigated", ({ frame, type }) => {
      if (!isMain(frame.id)) return;
      const restored = type === "BackForwardCacheRestore";
      // What comes may be what was asked for before the last navigation.
      if (restored || this.nextLoader === null || this.nextLoader === frame.loaderId) {
        this.leaving = null;
        this.nextLoader = null;
      }
      this.failure = frame.unreachableUrl
        ? { url: cleanUrl(frame.unreachableUrl), reason: this.failing || "net::ERR_FAILED" }
        : null;
      this.failing = "";
      this.revive();
      this.world.leave();
      network.forget(frame.loaderId);
      loads.commit(frame.loaderId, restored);
      this.emit({ type: "navigated", url: cleanUrl(frame.url), within: false });
    });
    this.hear("Page.navigatedWithinDocument", ({ frameId, url }) => {
      if (isMain(frameId)) this.emit({ type: "navigated", url: cleanUrl(url), within: true });
    });
    this.hear("Page.lifecycleEvent", ({ frameId, loaderId, name }) => {
      if (isMain(frameId) && loads.reach(loaderId, name)) this.emit({ type: "loaded" });
    });
    this.hear("Page.javascriptDialogOpening", (it) => {
      const message = ownText(plainText(String(it.message).slice(0, 4000)));
      const defaultText = it.type === "prompt" ? plainText(it.defaultPrompt ?? "") : null;
      this.dialog = {
        type: it.type,
        message,
        defaultText: defaultText === null ? null : ownText(defaultText.slice(0, 4000)),
      };
      this.emit({ type: "dialog" });
    });
    this.hear("Page.javascriptDialogClosed", ({ result }) => {
      const staying = this.dialog?.type === "beforeunload" && !result;
      this.dialog = null;
      this.emit({ type: "answered" });
      if (staying) this.stay();
    });
    this.hear("Inspector.targetCrashed", () => {
      this.dialog = null;
      this.gone.abort(crash(page));
      this.emit({ type: "crashed" });
    });
    this.hear("Inspector.targetReloadedAfterCrash", () => this.revive());
    const unheard = () => console.lost();
    this.hear("Runtime.consoleAPICalled", (event) => console.called(event), unheard);
    this.hear("Runtime.exceptionThrown", (event) => console.thrown(event), unheard);
    this.hear("Log.entryAdded", (event) => console.said(event), unheard);
    const unseen = () => network.lost();
    this.hear("Network.requestWillBeSent", (event) => network.began(event), unseen);
    this.hear("Network.responseReceived", ({ requestId, loaderId, type, response, frameId }) => {
      network.answered(requestId, response);
      if (type === "Document" && isMain(frameId) && response.url.startsWith("http")) {
        loads.answered(loaderId, response.status);
      }
      this.emit({ type: "answer" });
    });
    this.hear("Network.loadingFinished", (event) => network.finished(event));
    this.hear("Network.loadingFailed", (event) => {
      const status = network.statusOf(event.requestId);
      network.failed(event);
      // A download, or an answer without a document. For other failures an error page comes.
      if (event.requestId !== this.nextLoader) return;
      if (event.errorText === "net::ERR_ABORTED") {
        if (status !== null && hasContent(status)) this.emit({ type: "downloading" });
        this.stay();
      } else this.failing = plainLine(event.errorText.slice(0, 200));
    });
    // Frames in processes of their own tell of themselves.
    page.onSession((session) => {
      if (session !== page.session) void this.enable(session);
    });
  }

  /** Gives up what has been begun without ever asking for anything: another program's address. */
  stayUnlessAsked(): void {
    if (this.nextLoader === null || !this.network.isUnderWay(this.nextLoader)) this.stay();
  }

  private stay(): void {
    if (this.leaving === null) return;
    this.leaving = null;
    this.nextLoader = null;
    this.emit({ type: "stayed" });
  }

  private leave(url: string): void {
    this.leaving = cleanUrl(url);
    this.emit({ type: "leaving", url: this.leaving });
  }

  private revive(): void {
    if (this.crashed) this.gone = new AbortController();
  }

  private hear<E extends EventName>(
    event: E,
    listener: (params: EventParams<E>) => void,
    lost?: () => void,
  ): void {
    this.page.on(event, listener, lost);
  }
}

/** Whether an answer has something that can be kept (RFC 9110, section 15.3). */
function hasContent(status: number): boolean {
  return status >= 200 && status < 300 && status !== 204 && status !== 205;
}

/** A URL as it may be shown. */
export function cleanUrl(url: string): string {
  return ownText(plainLine(url.slice(0, 4000)));
}

function crash({ id, url }: Page): NexoraError {
  return new NexoraError("page_crashed", `the page of tab ${id} has crashed: ${cleanUrl(url)}`, {
    hint: "`nexora chrome reload` loads it again; out of memory? see `nexora session show`",
  });
}
