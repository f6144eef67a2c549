import type { Exec } from "../exec/exec.ts";
import { devtoolsGroup } from "../http/devtools.ts";
import { chromeScriptHandlers } from "../operations/chrome-scripts.ts";
import type { RunnerClient } from "../runner/client.ts";
import type { Directory } from "../sessions/directory.ts";
import type { Browsers } from "./browsers.ts";
import { Endpoints } from "./endpoints.ts";
import { Passage } from "./passage.ts";
import { Scripts } from "./scripts.ts";

export interface ChromeScriptParts {
  browsers: Browsers;
  runner: RunnerClient;
  exec: Exec;
  directory: Directory;
  /** Where the daemon listens. */
  url: () => string;
}

/** The browser for other programs: scripts inside, and DevTools for clients outside. */
export function assembleChromeScripts({
  browsers,
  runner,
  exec,
  directory,
  url,
}: ChromeScriptParts) {
  const endpoints = new Endpoints();
  const browserOf = async (session: string, signal: AbortSignal) =>
    browsers.of(await directory.reach(session), signal);
  return {
    handlers: chromeScriptHandlers({
      browsers,
      endpoints,
      scripts: new Scripts({ browsers, exec, files: runner.files }),
      url,
    }),
    group: devtoolsGroup({
      endpoints,
      hold: (session) => directory.hold(session),
      product: async (session, signal) => (await browserOf(session, signal)).version,
      async connect(session, target, signal, onEnd) {
        const path = target ?? (await browserOf(session, signal)).devtoolsPath;
        return Passage.open(runner, { session, path }, signal, onEnd);
      },
    }),
    /** The session is gone. */
    drop: (session: string) => endpoints.drop(session),
  };
}
