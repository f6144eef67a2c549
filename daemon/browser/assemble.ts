import type { Exec } from "../exec/exec.ts";
import type { Logger } from "../log.ts";
import { chromeHandlers } from "../operations/chrome.ts";
import { chromeProfileHandlers } from "../operations/chrome-profiles.ts";
import type { RunnerClient } from "../runner/client.ts";
import type { Database } from "../store/database.ts";
import { Browsers } from "./browsers.ts";
import { ProfileRecords } from "./profile-records.ts";
import { Profiles } from "./profiles.ts";

export interface BrowserAssembly {
  runner: RunnerClient;
  exec: Exec;
  db: Database;
  instance: string;
  /** Seals profiles; 32 bytes. */
  key: Uint8Array;
  log: Logger;
}

/** The browsers of the sessions, and what is kept of them: their handlers. */
export function assembleBrowser({ runner, exec, db, instance, key, log }: BrowserAssembly) {
  const browsers = new Browsers({ runner, log });
  const records = new ProfileRecords({ db, instance, key });
  const profiles = new Profiles({ browsers, exec, records });
  return {
    browsers,
    handlers: {
      ...chromeHandlers(browsers),
      ...chromeProfileHandlers(profiles, records, browsers),
    },
  };
}
