import { NexoraError } from "../../../src/contract/errors.ts";
import type { Browsers } from "../browsers.ts";
import type { Elements } from "./elements.ts";

export interface TabOfTargetParts {
  browsers: Pick<Browsers, "running">;
  elements: Elements;
}

/**
 * The tab that is named; else the one that the target's ref is of; undefined: the one that was used last. Throws
 * `stale_ref` when the ref's tab is closed.
 */
export function tabOfTarget(
  { browsers, elements }: TabOfTargetParts,
  session: string,
  tab: string | undefined,
  target: string | undefined,
): string | undefined {
  const of = tab === undefined && target ? elements.targetIdOf(session, target) : null;
  if (of === null) return tab;
  const browser = browsers.running(session);
  // One that comes back knows no ref of before.
  if (!browser) return undefined;
  const page = browser.pages().find(({ targetId }) => targetId === of);
  if (page) return page.id;
  throw new NexoraError("stale_ref", `the tab of ${target} is closed`, {
    hint: "`nexora chrome snapshot` shows what is there now, with its refs",
  });
}
