import type { chromeRecordOperations } from "../../src/contract/chrome-records.ts";
import { Cursors } from "../browser/pages/cursors.ts";
import type { Tabs } from "../browser/pages/tabs.ts";
import type { Matches } from "../patterns/patterns.ts";
import { callerOf } from "../principals/principal.ts";
import { type CallOf, restartedOf } from "./chrome-call.ts";
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
  const cursors = new Cursors();
  /** What came since this caller was told last, unless it says since when; `told` is for when it is answered. */
  const unread = <T>(
    log: { read(since: number): { entries: readonly T[]; missed: number; next: number } },
    { since, all }: { since?: number | undefined; all: boolean },
    { principal }: CallOf,
  ) => {
    const caller = callerOf(principal);
    const from = all ? 0 : (since ?? cursors.of(log, caller));
    const found = log.read(from);
    const told = () => {
      if (!all && since === undefined) cursors.move(log, caller, found.next);
    };
    return { ...found, told };
  };
  return {
    "chrome.console": {
      async reply({ level, grep, tab, ...asked }, call) {
        const { session, signal } = call;
        const { page, watch, browser } = await tabs.see(session, tab, signal);
        const { entries, missed, next, told } = unread(watch.console, asked, call);
        const least = levels.indexOf(level);
        const wanted = entries.filter((it) => levels.indexOf(it.level) >= least);
        const found = await matching(session.row.id, grep, wanted, ({ text }) => text);
        told();
        const restarted = restartedOf(browser, call);
        return { tab: page.id, entries: found, missed, next, restarted };
      },
    },
    "chrome.network": {
      async reply({ failed, grep, tab, ...asked }, call) {
        const { session, signal } = call;
        const { page, watch, browser } = await tabs.see(session, tab, signal);
        const { entries, missed, next, told } = unread(watch.network, asked, call);
        const wanted = entries.filter(
          (it) => !failed || it.failed !== null || (it.status ?? 0) >= 400,
        );
        const id = session.row.id;
        const found = await matching(id, grep, wanted, ({ url }) => url);
        const waiting = failed ? [] : watch.network.pending();
        const pending = await matching(id, grep, waiting, ({ url }) => url);
        told();
        return {
          tab: page.id,
          entries: found,
          pending: pending
            .slice(0, maxPending)
            .map(({ time, method, url, type }) => ({ time, method, url, type })),
          missed,
          next,
          restarted: restartedOf(browser, call),
        };
      },
    },
  };
}

const levels = ["debug", "info", "warning", "error"];
