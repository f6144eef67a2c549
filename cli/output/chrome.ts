import type { Profile } from "../../src/contract/chrome-profile.ts";
import type { Output as Reply } from "../../src/contract/index.ts";
import type { Tab } from "../../src/contract/tab.ts";
import { table } from "./table.ts";
import { formatBytes, printable } from "./units.ts";

/** Whether the browser runs, and its tabs. */
export function browserText({ installed, running, version, tabs }: Reply<"chrome.status">): string {
  if (!installed) return "the session's image has no browser";
  if (!running) return "the browser does not run";
  return `${printable(version ?? "")}\n${tabTable(tabs)}`;
}

/** Tabs; the one that was used last has a star behind its id. */
export function tabTable(tabs: readonly Tab[]): string {
  if (tabs.length === 0) return "no tab is open";
  return table(
    ["TAB", "TITLE", "URL"],
    tabs.map(({ id, title, url, active }) => [
      active ? `${id} *` : id,
      printable(title),
      printable(url),
    ]),
  );
}

export function profileTable(profiles: readonly Profile[]): string {
  const rows = profiles.map((it) => [it.name, it.session, formatBytes(it.sizeBytes), it.savedAt]);
  return table(["NAME", "FROM", "SIZE", "SAVED"], rows);
}
