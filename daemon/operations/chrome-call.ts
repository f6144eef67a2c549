import type { Restarted } from "../../src/contract/tab.ts";
import type { Browser } from "../browser/browser.ts";
import { callerOf, type Principal } from "../principals/principal.ts";
import type { Live } from "../sessions/directory.ts";

/** What the browser's handlers need of a call. */
export interface CallOf {
  session: Live;
  signal: AbortSignal;
  principal: Principal;
}

/** What the reply says of a browser that had died: each caller is told once. */
export function restartedOf(browser: Browser | null, { principal }: CallOf): Restarted {
  return browser?.restartFor(callerOf(principal)) ?? null;
}
