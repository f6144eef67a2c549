import type { chromeRecordOperations } from "../../src/contract/chrome-records.ts";
import type { Tabs } from "../browser/pages/tabs.ts";
import type { Matches } from "../patterns/patterns.ts";
import type { HandlersOf } from "./handler.ts";

/** Requests under way that are named. */
const maxPending = 50;

/** What pages have logged and requested. */
export function chromeRecordHandlers(
  tabs: Tabs,
  matches: Matches,
): HandlersOf<typeof chromeRecordOperations> {
  const matching = async <T>(
    session: string,
    pattern: string | undefined,
    entries: readonly T[],
    textOf: (entry: T) => string,
  ): Promise<T[]> => {
    if (pattern === undefined) return [...entries];
    const [found] = await matches(session, [pattern], entries.map(textOf));
    return entries.filter((_, at) => found?.[at]);
  };
  return {
    "chrome.console": {
      async reply({ level, since, all, grep, tab }, { session, signal }) {
        const { page, watch } = await tabs.open(session, tab, signal);
        const { entries, missed, next } = watch.console.read(all ? 0 : since);
        const least = levels.indexOf(level);
        const wanted = entries.filter((it) => levels.indexOf(it.level) >= least);
        const found = await matching(session.row.id, grep, wanted, ({ text }) => text);
        return { tab: page.id, entries: found, missed, next };
      },
    },
    "chrome.network": {
      async reply({ failed, since, all, grep, tab }, { session, signal }) {
        const { page, watch } = await tabs.open(session, tab, signal);
        const { entries, missed, next } = watch.network.read(all ? 0 : since);
        const wanted = entries.filter(
          (it) => !failed || it.failed !== null || (it.status ?? 0) >= 400,
        );
        const id = session.row.id;
        const found = await matching(id, grep, wanted, ({ url }) => url);
        const waiting = failed ? [] : watch.network.pending();
        const pending = await matching(id, grep, waiting, ({ url }) => url);
        return {
          tab: page.id,
          entries: found,
          pending: pending
            .slice(0, maxPending)
            .map(({ time, method, url, type }) => ({ time, method, url, type })),
          missed,
          next,
        };
      },
    },
  };
}

const levels = ["debug", "info", "warning", "error"];
