import { deadline } from "../../../src/abort.ts";
import { NexoraError } from "../../../src/contract/errors.ts";
import { exactDuration } from "../../../src/duration.ts";
import type { SendOptions } from "../cdp/protocol.ts";
import { urlOf } from "./addresses.ts";
import type { LoadState } from "./loads.ts";
import { navigationFailed } from "./navigation-errors.ts";
import { underWay } from "./network-log.ts";
import { cleanUrl, type PageWatch } from "./watch.ts";

/** A command's answer may come so long after the navigation's own deadline, which is to tell; in milliseconds. */
const graceMs = 1_000;
/** Requests under way that a time-out names. */
const maxNamed = 5;

export interface Arrival {
  /** How far to wait. */
  until: Exclude<LoadState, "commit">;
  timeoutMs: number;
}

/** What a navigation came to; `stayed`: it was a download, and the page is where it was. */
interface Landing {
  stayed: boolean;
}

/**
 * Opens an address and waits until it has loaded. Throws `usage` for what is no address, `navigation_failed`
 * with Chromium's reason, and `timeout` with how far the page has got.
 */
export async function goTo(
  watch: PageWatch,
  address: string,
  arrival: Arrival,
  signal: AbortSignal,
): Promise<Landing> {
  const url = urlOf(address);
  let loader: string | undefined;
  const reached = () => (loader === undefined ? null : watch.loads.reached(loader));
  return timed(watch, { ...arrival, reached }, signal, async (late) => {
    const { errorText, isDownload, loaderId } = await watch.page.send(
      "Page.navigate",
      { url, transitionType: "typed" },
      patient(arrival, late),
    );
    loader = loaderId;
    if (isDownload) return { stayed: true };
    // An error status without a body gets an error page, and yet the server has answered.
    const answered = loaderId !== undefined && watch.loads.status(loaderId) !== null;
    if (errorText && !(answered && errorText.includes("HTTP_RESPONSE_CODE_FAILURE"))) {
      throw navigationFailed(url, errorText);
    }
    // Without a loader it was within the document.
    if (loaderId !== undefined) await loaded(watch, () => loaderId, arrival, late);
    return { stayed: false };
  });
}

/** A command that may take as long as the navigation itself. */
function patient({ timeoutMs }: Arrival, signal: AbortSignal): SendOptions {
  return { signal, timeoutMs: timeoutMs + graceMs };
}

/** Goes back (-1) or forward (1) in the tab's history. Throws `action_failed` when there is nothing. */
export async function goAlong(
  watch: PageWatch,
  step: -1 | 1,
  arrival: Arrival,
  signal: AbortSignal,
): Promise<void> {
  const { page } = watch;
  await timed(watch, arrival, signal, async (late) => {
    const options = patient(arrival, late);
    const history = await page.send("Page.getNavigationHistory", undefined, options);
    const { currentIndex, entries } = history;
    const entry = entries[currentIndex + step];
    if (!entry) {
      const where = step < 0 ? "before" : "after";
      throw new NexoraError("action_failed", `tab ${page.id} has no page ${where} this one`, {
        hint: "`nexora chrome goto URL` opens one",
      });
    }
    const go = () => page.send("Page.navigateToHistoryEntry", { entryId: entry.id }, options);
    await moved(watch, go, cleanUrl(entry.url), arrival, late);
  });
}

/** Loads the page again, also one that has crashed. */
export async function reload(
  watch: PageWatch,
  { ignoreCache, ...arrival }: Arrival & { ignoreCache: boolean },
  signal: AbortSignal,
): Promise<void> {
  const { page } = watch;
  await timed(watch, arrival, signal, async (late) => {
    const go = () => page.send("Page.reload", { ignoreCache }, patient(arrival, late));
    await moved(watch, go, cleanUrl(page.url), arrival, late);
  });
}

/** Does what makes the page move, and waits until it has arrived. */
async function moved(
  watch: PageWatch,
  go: () => Promise<unknown>,
  url: string,
  arrival: Arrival,
  signal: AbortSignal,
): Promise<void> {
  let came: { within: boolean } | null = null;
  let stayed = false;
  const off = watch.on((event) => {
    if (event.type === "navigated") came = { within: event.within };
    if (event.type === "stayed") stayed = true;
  });
  try {
    await go();
    await watch.until(() => came !== null || stayed, signal);
  } finally {
    off();
  }
  if (came === null) throw navigationFailed(url, "net::ERR_ABORTED");
  const { failure } = watch;
  // An error status without a body gets an error page, and yet the server has answered.
  if (failure && watch.loads.status(watch.loads.current) === null) {
    throw navigationFailed(failure.url, failure.reason);
  }
  if (!(came as { within: boolean }).within) {
    await loaded(watch, () => watch.loads.current, arrival, signal);
  }
}

/** Waits until a loader's document has loaded so far, or another one has taken its place and has. */
async function loaded(
  watch: PageWatch,
  loader: () => string,
  { until }: Arrival,
  signal: AbortSignal,
): Promise<void> {
  const { loads } = watch;
  const isThere = () =>
    loads.has(loader(), until) ||
    (watch.leaving === null && loads.reached(loader()) !== null && loads.has(loads.current, until));
  await watch.until(isThere, signal);
}

/** Runs a navigation with its deadline, whose error says how far the page has got. */
async function timed<T>(
  watch: PageWatch,
  { until, timeoutMs, reached: asked }: Arrival & { reached?: () => LoadState | null },
  signal: AbortSignal,
  run: (late: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = deadline(timeoutMs, signal);
  try {
    return await run(late);
  } catch (error) {
    if (signal.aborted || !late.aborted) throw error;
    const { loads, network, leaving } = watch;
    const current = leaving === null ? loads.reached(loads.current) : null;
    const reached = asked ? asked() : current;
    const pending = network.pending();
    const got = reached === null ? "no answer has come" : `it has got as far as ${reached}`;
    const named = pending.slice(0, maxNamed).map(({ url }) => url);
    const waits = underWay(pending.length);
    throw new NexoraError(
      "timeout",
      `the page has not reached ${until} within ${exactDuration(timeoutMs)}: ${got}${waits}`,
      {
        hint:
          reached === null
            ? "give it more time (--timeout), or look at its server"
            : "go on with what is there, or wait for less: --until domcontentloaded",
        details: { url: leaving ?? cleanUrl(watch.page.url), reached, pending: named },
      },
    );
  }
}
