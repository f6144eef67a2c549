import { deadline, within } from "../../src/abort.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import type { RunnerBrowser, RunnerBrowserStart } from "../../src/runner/browser.ts";
import type { Logger } from "../log.ts";
import type { RunnerClient } from "../runner/client.ts";
import { Browser } from "./browser.ts";
import { CdpConnection } from "./cdp/connection.ts";
import { TabIds } from "./tab-ids.ts";

/** How long a browser may take to start and to be connected to, in milliseconds. */
const openMs = 30_000;
/** How long its tabs may take to come back by themselves, in milliseconds. */
const backMs = 3_000;
/** How often one that dies is restarted by itself within this time; then a request has to. */
const restarts = { most: 3, withinMs: 60_000 };

export interface BrowsersParts {
  runner: Pick<RunnerClient, "fetch" | "browser">;
  log: Logger;
}

/** A session that runs. */
interface Whose {
  row: { id: string };
}

/** What is known of a session's browser, whether it runs or not. */
interface Entry {
  readonly ids: TabIds;
  /** Aborts when the session is no longer running. */
  readonly ends: AbortController;
  browser: Browser | null;
  opening: Promise<Browser | null> | null;
  /** Where downloads go; null: where the profile says. */
  downloads: string | null;
  /** When it was restarted by itself (performance.now). */
  died: number[];
  /** It ends because it was told to. */
  stopping: boolean;
}

/** The browser of each session: one, started when it is needed, kept, and restarted when it dies. */
export class Browsers {
  private readonly entries = new Map<string, Entry>();
  private readonly listeners = new Set<(browser: Browser, session: string) => void>();

  constructor(private readonly parts: BrowsersParts) {}

  /**
   * The session's browser, which is started when it does not run. Throws `action_failed` when the image
   * has none or it does not come up.
   */
  async of(session: Whose, signal: AbortSignal): Promise<Browser> {
    return (await this.openAt(session, undefined, signal)).browser;
  }

  /** As `of`; one that is started by this opens `url`, which `opens` says. */
  async openAt(
    { row }: Whose,
    url: string | undefined,
    signal: AbortSignal,
  ): Promise<{ browser: Browser; opens: boolean }> {
    const session = row.id;
    let opens = false;
    for (;;) {
      const browser = await this.connect(session, signal, async (ends) => {
        const found = await this.start(session, { url }, ends);
        opens = found.started;
        return found;
      });
      // Another request, which only looked whether one runs, may have been first.
      if (browser) return { browser, opens };
    }
  }

  /** The session's browser if it runs. */
  async existing({ row }: Whose, signal: AbortSignal): Promise<Browser | null> {
    const session = row.id;
    return this.connect(session, signal, (ends) => this.parts.runner.browser.state(session, ends));
  }

  /** The session's browser if it is connected to. */
  running(session: string): Browser | null {
    return this.entries.get(session)?.browser ?? null;
  }

  /** Calls `listener` for each browser that is connected to, before its tabs are known. */
  onBrowser(listener: (browser: Browser, session: string) => void): void {
    this.listeners.add(listener);
  }

  /** Where the session's downloads go from now on, as long as this daemon knows it. */
  async downloadTo(session: Whose, folder: string, signal: AbortSignal): Promise<void> {
    const browser = await this.of(session, signal);
    await browser.downloadTo(folder, signal);
    this.entry(session.row.id).downloads = folder;
  }

  /** What the runner says of the session's browser. */
  look({ row }: Whose, signal: AbortSignal): Promise<RunnerBrowser> {
    return this.parts.runner.browser.state(row.id, signal);
  }

  /** Ends the session's browser, and resolves once it has. */
  async stop({ row }: Whose, signal: AbortSignal): Promise<RunnerBrowser> {
    const session = row.id;
    const entry = this.entry(session);
    entry.stopping = true;
    try {
      const stopped = await this.parts.runner.browser.stop(session, signal);
      if (!stopped.running) entry.browser?.disconnect("the browser was stopped");
      return stopped;
    } finally {
      entry.stopping = false;
    }
  }

  /** Ends the session's browser for as long as `action` takes; one that ran comes back with its tabs. */
  async whileStopped<T>(session: Whose, signal: AbortSignal, action: () => Promise<T>): Promise<T> {
    const entry = this.entry(session.row.id);
    let running = await this.existing(session, signal);
    // One after the other: nothing is awaited between the look and the taking.
    while (entry.opening) running = await within(entry.opening, signal);
    const tabs = running?.pages().map(({ id, url }) => ({ id, url }));
    const { promise, resolve } = Promise.withResolvers<Browser | null>();
    // Who wants it meanwhile waits, and does not start it.
    entry.opening = promise.finally(() => {
      entry.opening = null;
    });
    let back: Browser | null = null;
    try {
      // Not cut short by a caller who goes: it would be half stopped.
      if (tabs) await this.stop(session, deadline(openMs, entry.ends.signal));
      running?.disconnect("the browser was stopped");
      signal.throwIfAborted();
      return await action();
    } finally {
      try {
        if (tabs) back = await this.bringBack(session.row.id, entry, 0, tabs);
      } finally {
        resolve(back);
        await entry.opening;
      }
    }
  }

  /** To be called when a session stops being reachable. */
  drop(session: string, why = "the session is no longer running"): void {
    const entry = this.entries.get(session);
    if (!entry) return;
    this.entries.delete(session);
    entry.ends.abort();
    entry.browser?.disconnect(why);
  }

  close(): void {
    for (const session of [...this.entries.keys()]) this.drop(session, "the daemon is stopping");
  }

  private entry(session: string): Entry {
    const known = this.entries.get(session);
    if (known) return known;
    const entry: Entry = {
      ids: new TabIds(),
      ends: new AbortController(),
      browser: null,
      opening: null,
      downloads: null,
      died: [],
      stopping: false,
    };
    this.entries.set(session, entry);
    return entry;
  }

  private async connect(
    session: string,
    signal: AbortSignal,
    find: (ends: AbortSignal) => Promise<RunnerBrowser>,
  ): Promise<Browser | null> {
    const entry = this.entry(session);
    // One that comes back is whole only then.
    if (entry.browser && !entry.opening) return entry.browser;
    entry.opening ??= this.open(session, entry, find).finally(() => {
      entry.opening = null;
    });
    return within(entry.opening, signal);
  }

  /** Not cut short by a caller who goes: others may wait for it too. */
  private async open(
    session: string,
    entry: Entry,
    find: (ends: AbortSignal) => Promise<RunnerBrowser>,
  ): Promise<Browser | null> {
    const { runner } = this.parts;
    const ends = deadline(openMs, entry.ends.signal);
    const { running, started, pid } = await find(ends);
    if (!running) return null;
    const connection = await CdpConnection.open(runner, session, running.path, ends);
    const parts = {
      connection,
      ids: entry.ids,
      devtoolsPath: running.path,
      version: running.version,
      pid,
      recent: (signal: AbortSignal) => runner.browser.pages(session, signal),
      known: (it: Browser) => {
        for (const listener of this.listeners) listener(it, session);
      },
    };
    const attached = async () => {
      const it = await Browser.attach(parts, ends);
      await it.downloadTo(entry.downloads, ends);
      ends.throwIfAborted();
      return it;
    };
    const browser = await attached().catch((error) => {
      connection.close("the browser was given up");
      throw error;
    });
    browser.began = started;
    entry.browser = browser;
    const ended = () => this.ended(session, entry, browser);
    browser.signal.addEventListener("abort", ended, { once: true });
    if (browser.signal.aborted) ended();
    return browser;
  }

  /** Starts it with the tabs that it had; null: the process that has died was quit. */
  private async bringBack(
    session: string,
    entry: Entry,
    died: number,
    tabs: readonly { id: string; url: string }[],
  ): Promise<Browser | null> {
    entry.ids.await(tabs);
    const restored = await this.open(session, entry, (ends) =>
      this.parts.runner.browser.start(session, { restore: died }, ends),
    );
    if (restored) {
      restored.began = false;
      await this.complete(restored, entry);
    }
    return restored;
  }

  private async start(
    session: string,
    how: RunnerBrowserStart,
    signal: AbortSignal,
  ): Promise<RunnerBrowser> {
    const found = await this.parts.runner.browser.start(session, how, signal);
    if (found.running) return found;
    throw new NexoraError("engine_failed", "the runner says that the browser does not run", {
      hint: "see `nexora session logs`",
    });
  }

  /** The connection is over: a browser that had tabs has died, unless it was told to end. */
  private ended(session: string, entry: Entry, browser: Browser): void {
    if (entry.browser !== browser) return;
    entry.browser = null;
    const tabs = browser.pages().map(({ id, url }) => ({ id, url }));
    if (entry.ends.signal.aborted || entry.stopping || tabs.length === 0) return;
    const now = performance.now();
    entry.died = entry.died.filter((at) => now - at < restarts.withinMs);
    if (entry.died.push(now) > restarts.most) return;
    entry.opening ??= this.revive(session, entry, browser, tabs).finally(() => {
      entry.opening = null;
    });
    entry.opening.catch((error: unknown) => {
      this.parts.log.warn("a browser was not restarted", { session, error });
    });
  }

  /** Opens what the browser does not bring back by itself: it saves its tabs every few seconds. */
  private async complete(browser: Browser, { ids, ends }: Entry): Promise<void> {
    const { signal } = ends;
    const all = () => (ids.missing().length === 0 ? true : null);
    await browser.until(all, "not all tabs came back", deadline(backMs, signal)).catch(() => {});
    const missing = ids.missing().slice();
    // Where nothing was saved, there is an empty one instead.
    const empty = browser.pages().filter(({ url }) => url.startsWith("chrome://new"));
    try {
      for (const { url } of missing) await browser.newTab(url, signal);
      if (missing.length > 0) for (const page of empty) await browser.close(page, signal);
    } catch (error) {
      this.parts.log.warn("a tab did not come back", { error });
    }
  }

  private async revive(
    session: string,
    entry: Entry,
    died: Browser,
    tabs: readonly { id: string; url: string }[],
  ): Promise<Browser | null> {
    const { runner, log } = this.parts;
    const found = await runner.browser.state(session, entry.ends.signal);
    // Only the connection was lost.
    if (found.running?.path === died.devtoolsPath)
      return this.open(session, entry, async () => found);
    log.info("a browser has ended, and is restarted unless it was quit", { session });
    const restored = await this.bringBack(session, entry, died.pid ?? 0, tabs);
    // It was quit.
    if (!restored) return null;
    restored.restarted = { at: new Date().toISOString(), tabs: tabs.length };
    return restored;
  }
}
