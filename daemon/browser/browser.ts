import type { Protocol } from "devtools-protocol";
import { deadline, within } from "../../src/abort.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import type { Restarted } from "../../src/contract/tab.ts";
import { ownText, plainLine } from "../../src/plain-text.ts";
import type { CdpConnection } from "./cdp/connection.ts";
import type {
  EventName,
  EventParams,
  Method,
  Params,
  Result,
  SendOptions,
} from "./cdp/protocol.ts";
import { Page } from "./page.ts";
import type { TabIds } from "./tab-ids.ts";

/** Most tabs that are followed: what opens more than that is a flood, and each takes memory here. */
const maxTabs = 200;
/** How long a tab may take to come, or to go, in milliseconds. */
const tabMs = 10_000;
/** Longest address and title of a tab that is kept, in characters. */
const maxUrl = 16 * 1024;
const maxTitle = 1000;

export interface BrowserParts {
  connection: CdpConnection;
  ids: TabIds;
  /** Path of its DevTools: another one is another browser. */
  devtoolsPath: string;
  version: string;
  pid: number | null;
  /** Targets of its pages, the one that was last active first. */
  recent: (signal: AbortSignal) => Promise<string[]>;
  /** Called before its tabs are known. */
  known: (browser: Browser) => void;
}

/** A session's browser that runs, and is connected to. */
export class Browser {
  readonly devtoolsPath: string;
  readonly version: string;
  /** Its first process; null when that is not known. */
  readonly pid: number | null;
  /** It had died, and came back as this one; null: it was started. */
  restarted: Restarted = null;
  /** Who has been told that. */
  private readonly told = new Set<string>();
  private readonly connection: CdpConnection;
  private readonly open = new Map<string, Page>();
  private readonly pageListeners = new Set<(page: Page) => void>();
  private readonly changes = new Set<() => void>();

  private constructor(private readonly parts: BrowserParts) {
    this.devtoolsPath = parts.devtoolsPath;
    this.version = parts.version;
    this.pid = parts.pid;
    this.connection = parts.connection;
  }

  /** Attaches to every tab; resolves once those that are there are known. */
  static async attach(parts: BrowserParts, signal: AbortSignal): Promise<Browser> {
    const browser = new Browser(parts);
    browser.follow();
    parts.known(browser);
    const filter = [{ type: "page" }];
    const attach = { autoAttach: true, waitForDebuggerOnStart: true, flatten: true, filter };
    await Promise.all([
      browser.send("Target.setDiscoverTargets", { discover: true, filter }, { signal }),
      browser.send("Target.setAutoAttach", attach, { signal }),
    ]);
    return browser;
  }

  /** Aborts, with the reason, when the connection to it is over. */
  get signal(): AbortSignal {
    return this.connection.signal;
  }

  /** Its tabs, in the order in which they were opened. */
  pages(): Page[] {
    const number = ({ id }: Page) => Number(id.slice(1));
    return [...this.open.values()].sort((a, b) => number(a) - number(b));
  }

  /** Asks for the tabs' addresses and titles, of whose changes the browser does not always tell. */
  async refresh(signal: AbortSignal): Promise<void> {
    const filter = [{ type: "page" }];
    const { targetInfos } = await this.send("Target.getTargets", { filter }, { signal });
    for (const target of targetInfos) this.changed(target);
  }

  /** A tab by its id; the one that was used last without one. Throws `not_found` with those there are. */
  async page(tab: string | undefined, signal: AbortSignal): Promise<Page> {
    if (tab === undefined) return this.active(signal);
    const page = this.pages().find(({ id }) => id === tab);
    if (page) return page;
    const tabs = this.pages().map(({ id, title, url }) => ({ id, title: title || url }));
    const listed = tabs.map(({ id, title }) => `${id} ${JSON.stringify(plainLine(title))}`);
    throw new NexoraError("not_found", `there is no tab ${tab}`, {
      hint:
        listed.length === 0 ? "no tab is open" : `there are ${listed.join(", ").slice(0, 2000)}`,
      details: { tabs },
    });
  }

  /** The tab that was used last; a new one where there is none. */
  async active(signal: AbortSignal): Promise<Page> {
    const pages = this.pages();
    if (pages.length === 0) return this.newTab("about:blank", signal);
    if (pages.length > 1) {
      for (const target of await this.parts.recent(signal)) {
        const page = this.open.get(target);
        if (page) return page;
      }
    }
    return pages[0] ?? this.newTab("about:blank", signal);
  }

  /** Opens a tab in front of the others; its page is not waited for. */
  async newTab(url: string, signal: AbortSignal): Promise<Page> {
    if (this.open.size >= maxTabs) {
      throw new NexoraError("action_failed", `${maxTabs} tabs are open, and no more are followed`, {
        hint: "close some: `nexora chrome tabs close TAB`",
      });
    }
    const { targetId } = await this.send("Target.createTarget", { url }, { signal });
    return this.until(() => this.open.get(targetId) ?? null, "the new tab did not come", signal);
  }

  /** Brings a tab to the front. */
  async activate(page: Page, signal: AbortSignal): Promise<void> {
    await this.send("Target.activateTarget", { targetId: page.targetId }, { signal });
  }

  /** Closes a tab. Throws `action_failed` when its page keeps it open. */
  async close(page: Page, signal: AbortSignal): Promise<void> {
    await this.send("Target.closeTarget", { targetId: page.targetId }, { signal });
    const closed = () => this.signal.aborted || !this.open.has(page.targetId) || null;
    await this.until(closed, `${page.id} stays open: its page asks whether to leave it`, signal);
  }

  /** Where downloads go from now on; null: where its profile says. They are announced in any case. */
  async downloadTo(folder: string | null, signal: AbortSignal): Promise<void> {
    const where =
      folder === null
        ? ({ behavior: "default" } as const)
        : ({ behavior: "allow", downloadPath: folder } as const);
    await this.send("Browser.setDownloadBehavior", { ...where, eventsEnabled: true }, { signal });
  }

  /** Sends a command to the browser itself. */
  send<M extends Method>(method: M, params: Params<M>, options?: SendOptions): Promise<Result<M>> {
    return this.connection.send(method, params, options);
  }

  /** Listens to the browser itself; returns the end of it. */
  on<E extends EventName>(event: E, listener: (params: EventParams<E>) => void): () => void {
    return this.connection.on(event, undefined, listener);
  }

  /**
   * Calls `listener` for each tab that is there, and for each that comes: before its page runs, as long
   * as the listener only sends and does not wait.
   */
  onPage(listener: (page: Page) => void): () => void {
    for (const page of this.open.values()) listener(page);
    this.pageListeners.add(listener);
    return () => this.pageListeners.delete(listener);
  }

  /** That it had died, for the next reply to this caller; null when that was told, or there is nothing to tell. */
  restartFor(caller: string): Restarted {
    if (!this.restarted || this.told.has(caller)) return null;
    this.told.add(caller);
    return this.restarted;
  }

  /** Ends the connection; the browser goes on. */
  disconnect(why: string): void {
    this.connection.close(why);
  }

  /** Resolves with what `look` finds when it finds it. Throws `action_failed` when that takes too long. */
  async until<T>(look: () => T | null, otherwise: string, signal: AbortSignal): Promise<T> {
    const ends = deadline(tabMs, signal);
    for (let found = look(); ; found = look()) {
      if (found !== null) return found;
      this.signal.throwIfAborted();
      const { promise, resolve } = Promise.withResolvers<void>();
      this.changes.add(resolve);
      try {
        await within(promise, ends);
      } catch (error) {
        if (signal.aborted) throw error;
        throw new NexoraError("action_failed", otherwise, { hint: "look at the screen" });
      } finally {
        this.changes.delete(resolve);
      }
    }
  }

  private follow(): void {
    this.on("Target.attachedToTarget", ({ sessionId, targetInfo }) =>
      this.attached(sessionId, targetInfo),
    );
    this.on("Target.targetInfoChanged", ({ targetInfo }) => this.changed(targetInfo));
    this.on("Target.targetDestroyed", ({ targetId }) => this.lost(targetId, "the tab was closed"));
    this.on("Target.detachedFromTarget", ({ sessionId }) => {
      const page = this.pages().find(({ session }) => session === sessionId);
      if (page) this.lost(page.targetId, "the tab was closed");
    });
    const ended = () => {
      for (const page of this.open.values()) page.close("the browser has ended");
      this.stir();
    };
    this.signal.addEventListener("abort", ended, { once: true });
  }

  private attached(session: string, target: Protocol.Target.TargetInfo): void {
    if (target.type !== "page" || this.open.has(target.targetId)) return;
    if (this.open.size >= maxTabs) {
      this.leaveAlone(session);
      return;
    }
    const { connection, ids } = this.parts;
    const opener = target.openerId === undefined ? undefined : this.open.get(target.openerId);
    const page = new Page(connection, ids.of(target), cut(target), session, opener?.id ?? null);
    this.open.set(target.targetId, page);
    for (const listener of this.pageListeners) listener(page);
    page.attach(session);
    this.stir();
  }

  /** Lets a tab go on without us. */
  private leaveAlone(sessionId: string): void {
    const none = () => {};
    this.send("Runtime.runIfWaitingForDebugger", undefined, { session: sessionId }).catch(none);
    this.send("Target.detachFromTarget", { sessionId }).catch(none);
  }

  private changed(target: Protocol.Target.TargetInfo): void {
    const page = this.open.get(target.targetId);
    if (!page) return;
    const { url, title } = cut(target);
    page.url = url;
    page.title = title;
    this.stir();
  }

  private lost(targetId: string, why: string): void {
    const page = this.open.get(targetId);
    if (!page) return;
    this.open.delete(targetId);
    this.parts.ids.forget(targetId);
    page.close(why);
    this.stir();
  }

  private stir(): void {
    for (const resolve of this.changes) resolve();
    this.changes.clear();
  }
}

/** An address may be megabytes long. */
function cut(target: Protocol.Target.TargetInfo): Protocol.Target.TargetInfo {
  const { url, title } = target;
  const name = ownText(plainLine(title).slice(0, maxTitle));
  return { ...target, url: ownText(url.slice(0, maxUrl)), title: name };
}
