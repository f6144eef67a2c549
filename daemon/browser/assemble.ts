import type { DesktopWindows } from "../desktop/windows.ts";
import type { Exec } from "../exec/exec.ts";
import type { Logger } from "../log.ts";
import { chromeHandlers } from "../operations/chrome.ts";
import { chromeProfileHandlers } from "../operations/chrome-profiles.ts";
import type { Matches } from "../patterns/patterns.ts";
import type { Refs } from "../perception/refs.ts";
import type { RunnerClient } from "../runner/client.ts";
import type { Directory } from "../sessions/directory.ts";
import type { Database } from "../store/database.ts";
import type { Turns } from "../turns.ts";
import { assembleElements } from "./assemble-elements.ts";
import { assemblePages } from "./assemble-pages.ts";
import { assembleChromeScripts } from "./assemble-scripts.ts";
import { Browsers } from "./browsers.ts";
import { ProfileRecords } from "./profile-records.ts";
import { Profiles } from "./profiles.ts";

export interface BrowserParts {
  runner: RunnerClient;
  exec: Exec;
  directory: Directory;
  windows: DesktopWindows;
  refs: Refs;
  matches: Matches;
  db: Database;
  instance: string;
  /** Seals profiles; 32 bytes. */
  key: Uint8Array;
  log: Logger;
  turns: Turns;
  /** Where the daemon listens. */
  url: () => string;
}

/** The browsers of the sessions, what is on their pages, and what is done with them. */
export function assembleBrowser(parts: BrowserParts) {
  const { runner, exec, directory, windows, refs, matches, db, instance, key, log, url } = parts;
  const browsers = new Browsers({ runner, log });
  const records = new ProfileRecords({ db, instance, key });
  const profiles = new Profiles({ browsers, exec, records });
  const elements = assembleElements(refs, { browsers, windows });
  const pages = assemblePages(browsers, matches, elements.reader);
  const scripts = assembleChromeScripts({ browsers, runner, exec, directory, url });
  const { textSource, refSource } = elements;
  return {
    textSource,
    refSource,
    /** DevTools for programs outside. */
    group: scripts.group,
    handlers: {
      ...chromeHandlers(browsers),
      ...chromeProfileHandlers(profiles, records, browsers),
      ...scripts.handlers,
      ...pages.handlers,
      ...elements.handlers({ browsers, ...pages, files: runner.files, turns: parts.turns }),
    },
    /** The session is gone. */
    drop(session: string): void {
      browsers.drop(session);
      scripts.drop(session);
    },
    close: () => browsers.close(),
  };
}
