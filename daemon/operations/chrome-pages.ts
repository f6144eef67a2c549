import type { chromePageOperations } from "../../src/contract/chrome-page.ts";
import { plainLine } from "../../src/plain-text.ts";
import type { PageActions } from "../browser/acting.ts";
import { answerDialog } from "../browser/pages/dialogs.ts";
import { evaluate } from "../browser/pages/evaluate.ts";
import { factsOf } from "../browser/pages/facts.ts";
import { goAlong, goTo, reload } from "../browser/pages/navigation.ts";
import type { PageWaits } from "../browser/pages/page-waits.ts";
import type { Tabs } from "../browser/pages/tabs.ts";
import { cleanUrl, type PageWatch } from "../browser/pages/watch.ts";
import type { Tab } from "../browser/tab.ts";
import { type CallOf, restartedOf } from "./chrome-call.ts";
import type { HandlersOf } from "./handler.ts";

/** Longest result of a script as JSON, in characters. */
const maxResult = 8 * 1024 * 1024;

export interface PageParts {
  tabs: Tabs;
  actions: PageActions;
  waits: PageWaits;
}

/** What the verbs that act on a page take. */
interface Input {
  tab?: string | undefined;
  thenSnapshot: boolean;
}

/** Going to pages, scripts, dialogs and waits. */
export function chromePageHandlers(parts: PageParts): HandlersOf<typeof chromePageOperations> {
  const { tabs, actions, waits } = parts;
  const goes = async (
    { tab: id, thenSnapshot }: Input,
    call: CallOf,
    go: (watch: PageWatch, signal: AbortSignal) => Promise<unknown>,
  ) => {
    const { session, signal } = call;
    const tab = await tabs.open(session, id, signal);
    const acting = { thenSnapshot, revives: true, signal };
    const { changed } = await actions.perform(tab, acting, (alive) => go(tab.watch, alive));
    const { loads, leaving } = tab.watch;
    return {
      ...placeOf(tab, changed.navigated),
      status: loads.status(loads.current),
      reached: leaving === null ? loads.reached(loads.current) : null,
      changed,
      restarted: restartedOf(tab.browser, call),
    };
  };
  return {
    "chrome.goto": {
      reply: (input, call) =>
        goes(input, call, (watch, signal) => goTo(watch, input.url, input, signal)),
    },
    "chrome.back": {
      reply: (input, call) =>
        goes(input, call, (watch, signal) => goAlong(watch, -1, input, signal)),
    },
    "chrome.forward": {
      reply: (input, call) =>
        goes(input, call, (watch, signal) => goAlong(watch, 1, input, signal)),
    },
    "chrome.reload": {
      reply: (input, call) => goes(input, call, (watch, signal) => reload(watch, input, signal)),
    },
    "chrome.eval": {
      async reply(input, call) {
        const { session, signal } = call;
        const tab = await tabs.open(session, input.tab, signal);
        const { expression, arg, timeoutMs, thenSnapshot } = input;
        const script = { expression, arg, timeoutMs, maxLength: maxResult };
        const { done, changed } = await actions.perform(tab, { thenSnapshot, signal }, (alive) =>
          evaluate(tab.page, script, alive),
        );
        const { value, type } = done ?? { value: null, type: null };
        const restarted = restartedOf(tab.browser, call);
        return { tab: tab.page.id, value, type, changed, restarted };
      },
    },
    "chrome.dialog": {
      async reply({ answer, text, tab: id }, call) {
        const { session, signal } = call;
        const { watch, page, browser } = await tabs.open(session, id, signal);
        const accept = answer === "accept";
        const dialog = answer
          ? await answerDialog(watch, { accept, text }, watch.alive(signal))
          : watch.dialog;
        const restarted = restartedOf(browser, call);
        return { tab: page.id, dialog, answered: answer !== undefined, restarted };
      },
    },
    "chrome.wait": {
      async reply(input, call) {
        const { session, signal } = call;
        const tab = await tabs.see(session, input.tab, signal);
        const began = performance.now();
        const held = await waits.until(session.row.id, tab.watch, input, signal);
        const waitedMs = performance.now() - began;
        const { url, title } = await factsOf(tab.watch, tab.watch.alive(signal));
        const restarted = restartedOf(tab.browser, call);
        return { tab: tab.page.id, url, title, ...held, waitedMs, restarted };
      },
    },
  };
}

function placeOf({ page }: Tab, navigated: { url: string; title: string } | null) {
  const { url, title } = navigated ?? { url: cleanUrl(page.url), title: plainLine(page.title) };
  return { tab: page.id, url, title };
}
