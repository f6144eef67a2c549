import type { RunnerBrowser } from "../../src/runner/browser.ts";
import type { Logger } from "../log.ts";
import type { Browser } from "./browser.ts";
import { SessionBrowser, type SessionBrowserParts } from "./session-browser.ts";

export interface BrowsersParts {
  runner: SessionBrowserParts["runner"];
  log: Logger;
}

/** A session that runs. */
interface Whose {
  row: { id: string };
}

/** The browser of each session: one, started when it is needed, kept, and restarted when it dies. */
export class Browsers {
  private readonly sessions = new Map<string, SessionBrowser>();
  private readonly listeners = new Set<(browser: Browser, session: string) => void>();

  constructor(private readonly parts: BrowsersParts) {}

  /**
   * The session's browser, which is started when it does not run. Throws `action_failed` when the image
   * has none or it does not come up.
   */
  async of(session: Whose, signal: AbortSignal): Promise<Browser> {
    return (await this.openAt(session, undefined, signal)).browser;
  }

  /** As `of`; one that is started by this, which `began` says, opens `url`. */
  openAt(
    { row }: Whose,
    url: string | undefined,
    signal: AbortSignal,
  ): Promise<{ browser: Browser; began: boolean }> {
    return this.session(row.id).openAt(url, signal);
  }

  /** The session's browser if it runs. */
  existing({ row }: Whose, signal: AbortSignal): Promise<Browser | null> {
    return this.session(row.id).existing(signal);
  }

  /** The session's browser if it is connected to. */
  running(session: string): Browser | null {
    return this.sessions.get(session)?.browser ?? null;
  }

  /** Calls `listener` for each browser that is connected to, before its tabs are known. */
  onBrowser(listener: (browser: Browser, session: string) => void): void {
    this.listeners.add(listener);
  }

  /** Where the session's downloads go from now on, as long as this daemon knows it. */
  downloadTo({ row }: Whose, folder: string, signal: AbortSignal): Promise<void> {
    return this.session(row.id).downloadTo(folder, signal);
  }

  /** What the runner says of the session's browser. */
  look({ row }: Whose, signal: AbortSignal): Promise<RunnerBrowser> {
    return this.parts.runner.browser.state(row.id, signal);
  }

  /** Ends the session's browser, and resolves once it has. */
  stop({ row }: Whose, signal: AbortSignal): Promise<RunnerBrowser> {
    return this.session(row.id).stop(signal);
  }

  /** Ends the session's browser for as long as `action` takes; one that ran comes back with its tabs. */
  whileStopped<T>({ row }: Whose, signal: AbortSignal, action: () => Promise<T>): Promise<T> {
    return this.session(row.id).whileStopped(signal, action);
  }

  /** To be called when a session stops being reachable. */
  drop(session: string, why = "the session is no longer running"): void {
    const known = this.sessions.get(session);
    this.sessions.delete(session);
    known?.drop(why);
  }

  close(): void {
    for (const session of [...this.sessions.keys()]) this.drop(session, "the daemon is stopping");
  }

  private session(id: string): SessionBrowser {
    const known = this.sessions.get(id);
    if (known) return known;
    const { runner, log } = this.parts;
    const made = new SessionBrowser({
      session: id,
      runner,
      log,
      known: (browser) => {
        for (const listener of this.listeners) listener(browser, id);
      },
    });
    this.sessions.set(id, made);
    return made;
  }
}
