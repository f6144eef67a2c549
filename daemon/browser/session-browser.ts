import { deadline, within } from "../../src/abort.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import type { RunnerBrowser, RunnerBrowserStart } from "../../src/runner/browser.ts";
import type { Logger } from "../log.ts";
import type { BrowserProcess } from "../runner/browser.ts";
import type { RunnerClient } from "../runner/client.ts";
import { Browser } from "./browser.ts";
import { CdpConnection } from "./cdp/connection.ts";
import { TabIds } from "./tab-ids.ts";
import { completeTabs, type TabPlace, tabsOf } from "./tabs-back.ts";

/** How long a browser may take to start and to be connected to, in milliseconds. */
const openMs = 30_000;
/** How often one that dies is restarted by itself within this time; then a request has to. */
const restarts = { most: 3, withinMs: 60_000 };

export interface SessionBrowserParts {
  /** Id of the session. */
  session: string;
  runner: Pick<RunnerClient, "fetch"> & {
    browser: Pick<BrowserProcess, "state" | "pages" | "start" | "stop">;
  };
  log: Logger;
  /** Called for each that is connected to, before its tabs are known. */
  known(browser: Browser): void;
}

/** What one that has died had open. */
interface Left {
  /** Path of its DevTools. */
  path: string;
  pid: number | null;
  tabs: readonly TabPlace[];
}

/** The browser of one session, whether it runs or not: connected to, and restarted when it dies. */
export class SessionBrowser {
  /** The one that is connected to. */
  browser: Browser | null = null;
  private readonly ids = new TabIds();
  /** Aborts when the session is no longer running. */
  private readonly ends = new AbortController();
  private opening: Promise<Browser | null> | null = null;
  /** Where downloads go; null: where the profile says. */
  private downloads: string | null = null;
  /** Of one that has died, until its tabs are back; null: they are, or none has died. */
  private left: Left | null = null;
  /** When it was restarted by itself (performance.now). */
  private died: number[] = [];
  /** It ends because it was told to. */
  private stopping = false;

  constructor(private readonly parts: SessionBrowserParts) {}

  /** The one that runs, or is found so; null: none does. */
  existing(signal: AbortSignal): Promise<Browser | null> {
    const { runner, session } = this.parts;
    return this.connect(signal, async () => {
      const found = await runner.browser.state(session, deadline(openMs, this.ends.signal));
      if (!found.running) return null;
      // A person has started it again.
      return (await this.back()) ?? this.open(async () => found);
    });
  }

  /** As `Browsers.openAt`. */
  async openAt(
    url: string | undefined,
    signal: AbortSignal,
  ): Promise<{ browser: Browser; began: boolean }> {
    let began = false;
    for (;;) {
      const browser = await this.connect(signal, async () => {
        const found = async (ends: AbortSignal) => {
          const its = await this.start({ url }, ends);
          began = its.started;
          return its;
        };
        return (await this.back()) ?? this.open(found);
      });
      // Another request, which only looked whether one runs, may have been first.
      if (browser) return { browser, began };
    }
  }

  async downloadTo(folder: string, signal: AbortSignal): Promise<void> {
    const { browser } = await this.openAt(undefined, signal);
    await browser.downloadTo(folder, signal);
    this.downloads = folder;
  }

  async stop(signal: AbortSignal): Promise<RunnerBrowser> {
    const { runner, session } = this.parts;
    this.stopping = true;
    try {
      const stopped = await runner.browser.stop(session, signal);
      this.left = null;
      if (!stopped.running) this.browser?.disconnect("the browser was stopped");
      return stopped;
    } finally {
      this.stopping = false;
    }
  }

  /** As `Browsers.whileStopped`. */
  async whileStopped<T>(signal: AbortSignal, action: () => Promise<T>): Promise<T> {
    let running = await this.existing(signal);
    // One after the other: nothing is awaited between the look and the taking.
    while (this.opening) running = await within(this.opening, signal);
    const tabs = running && tabsOf(running);
    const { promise, resolve } = Promise.withResolvers<Browser | null>();
    // Who wants it meanwhile waits, and does not start it.
    this.opening = promise.finally(() => {
      this.opening = null;
    });
    let back: Browser | null = null;
    try {
      // Not cut short by a caller who goes: it would be half stopped.
      if (tabs) await this.stop(deadline(openMs, this.ends.signal));
      running?.disconnect("the browser was stopped");
      signal.throwIfAborted();
      return await action();
    } finally {
      try {
        if (tabs) back = await this.bringBack(0, tabs);
      } finally {
        resolve(back);
        await this.opening;
      }
    }
  }

  /** The session is no longer running. */
  drop(why: string): void {
    this.ends.abort();
    this.browser?.disconnect(why);
  }

  private async connect(
    signal: AbortSignal,
    open: () => Promise<Browser | null>,
  ): Promise<Browser | null> {
    // One that comes back is whole only then.
    if (this.browser && !this.opening) return this.browser;
    this.opening ??= open().finally(() => {
      this.opening = null;
    });
    return within(this.opening, signal);
  }

  /** Not cut short by a caller who goes: others may wait for it too. */
  private async open(find: (ends: AbortSignal) => Promise<RunnerBrowser>): Promise<Browser | null> {
    const { runner, session, known } = this.parts;
    const ends = deadline(openMs, this.ends.signal);
    const { running, pid } = await find(ends);
    if (!running) return null;
    const connection = await CdpConnection.open(runner, session, running.path, ends);
    const parts = {
      connection,
      ids: this.ids,
      devtoolsPath: running.path,
      version: running.version,
      pid,
      recent: (signal: AbortSignal) => runner.browser.pages(session, signal),
      known,
    };
    const attached = async () => {
      const it = await Browser.attach(parts, ends);
      await it.downloadTo(this.downloads, ends);
      ends.throwIfAborted();
      return it;
    };
    const browser = await attached().catch((error) => {
      connection.close("the browser was given up");
      throw error;
    });
    this.browser = browser;
    const ended = () => this.ended(browser);
    browser.signal.addEventListener("abort", ended, { once: true });
    if (browser.signal.aborted) ended();
    return browser;
  }

  private async start(how: RunnerBrowserStart, signal: AbortSignal): Promise<RunnerBrowser> {
    const { runner, session } = this.parts;
    const found = await runner.browser.start(session, how, signal);
    if (found.running) return found;
    throw new NexoraError("engine_failed", "the runner says that the browser does not run", {
      hint: "see `nexora session logs`",
    });
  }

  /** The connection is over: a browser that had tabs has died, unless it was told to end. */
  private ended(browser: Browser): void {
    if (this.browser !== browser) return;
    this.browser = null;
    // One that dies while its tabs come back has not all of them.
    const tabs = this.opening && this.left ? this.left.tabs : tabsOf(browser);
    this.left = null;
    if (this.ends.signal.aborted || this.stopping || tabs.length === 0) return;
    const left = { path: browser.devtoolsPath, pid: browser.pid, tabs };
    this.left = left;
    const now = performance.now();
    this.died = this.died.filter((at) => now - at < restarts.withinMs);
    if (this.died.push(now) > restarts.most) return;
    this.opening ??= this.revive(left).finally(() => {
      this.opening = null;
    });
    this.opening.catch((error: unknown) => {
      const { log, session } = this.parts;
      log.warn("a browser was not restarted", { session, error });
    });
  }

  /** One that has died too often, with its tabs; null: none has, or it does not come up with them. */
  private async back(): Promise<Browser | null> {
    const { left } = this;
    try {
      return left && (await this.revive(left));
    } catch (error) {
      const { session, log } = this.parts;
      log.warn("a browser did not come back with its tabs, and begins without", { session, error });
      if (this.left === left) this.left = null;
      return null;
    }
  }

  /** Starts one that has died again, with its tabs; null: it was quit. */
  private async revive(left: Left): Promise<Browser | null> {
    const { runner, session, log } = this.parts;
    const found = await runner.browser.state(session, this.ends.signal);
    // Only the connection was lost.
    const lives = found.running?.path === left.path;
    if (!lives) {
      log.info("a browser has ended, and is restarted unless it was quit", { session });
    }
    const browser = lives
      ? await this.open(async () => found)
      : await this.bringBack(left.pid ?? 0, left.tabs);
    // Unless it has died meanwhile: then its tabs are still to come back.
    if (this.left === left) this.left = null;
    if (browser && !lives) {
      browser.restarted = { at: new Date().toISOString(), tabs: left.tabs.length };
    }
    return browser;
  }

  /** Starts it with the tabs that it had; null: the process that has died was quit. */
  private async bringBack(died: number, tabs: readonly TabPlace[]): Promise<Browser | null> {
    const { runner, session, log } = this.parts;
    const { signal } = this.ends;
    this.ids.await(tabs);
    let ours = false;
    const restored = await this.open(async (ends) => {
      const found = await runner.browser.start(session, { restore: died }, ends);
      ours = found.started;
      return found;
    });
    if (!restored) return null;
    const those = { tabs, ids: this.ids, ours };
    await completeTabs(restored, those, signal).catch((error: unknown) => {
      log.warn("a tab did not come back", { session, error });
    });
    return restored;
  }
}
