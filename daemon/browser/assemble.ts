import type { Logger } from "../log.ts";
import { chromeHandlers } from "../operations/chrome.ts";
import type { RunnerClient } from "../runner/client.ts";
import { Browsers } from "./browsers.ts";

/** The browsers of the sessions: their handlers, and what ends with a session. */
export function assembleBrowser({ runner, log }: { runner: RunnerClient; log: Logger }) {
  const browsers = new Browsers({ runner, log });
  return { browsers, handlers: chromeHandlers(browsers) };
}
