import { deadline, delay } from "../../../src/abort.ts";
import { NexoraError } from "../../../src/contract/errors.ts";
import { exactDuration } from "../../../src/duration.ts";
import type { Matches } from "../../patterns/patterns.ts";
import { Refusal } from "../cdp/protocol.ts";
import type { LoadState } from "./loads.ts";
import { underWay } from "./network-log.ts";
import type { PageReader } from "./reader.ts";
import { cleanUrl, type PageWatch } from "./watch.ts";

/** Longest time between two looks at a page in which nothing seems to happen, in milliseconds. */
const lookMs = 500;
/** How long changes may go on before the next look, in milliseconds. */
const gatherMs = 30;

export interface PageCondition {
  text: readonly string[];
  gone: readonly string[];
  url: readonly string[];
  response: readonly string[];
  target?: string | undefined;
  targetGone?: string | undefined;
  load?: Exclude<LoadState, "commit"> | undefined;
  timeoutMs: number;
}

/** What held, and by what it is seen: the line, the URL, the response. */
export interface Held {
  condition: string;
  evidence: string | null;
}

/** Waits for what pages show, say and load. */
export class PageWaits {
  constructor(
    private readonly matches: Matches,
    private readonly reader: Pick<PageReader, "text" | "has">,
  ) {}

  /** Resolves with the first condition that holds. Throws `timeout`, `dialog_open`, `page_crashed`. */
  async until(
    session: string,
    watch: PageWatch,
    wanted: PageCondition,
    signal: AbortSignal,
  ): Promise<Held> {
    const names = namesOf(wanted);
    if (names.length === 0) {
      throw new NexoraError("usage", "there is nothing to wait for", {
        hint: "for example: nexora chrome wait --text Welcome",
      });
    }
    const alive = watch.alive(signal);
    const late = deadline(wanted.timeoutMs, alive);
    try {
      return await watch.answering(late, async (ends) => {
        for (;;) {
          const changed = nextChange(watch, ends);
          const held = await this.held(session, watch, wanted, ends).catch(unlessRefused);
          if (held) return held;
          await changed;
          ends.throwIfAborted();
        }
      });
    } catch (error) {
      if (alive.aborted || !late.aborted) throw error;
      throw timedOut(watch, wanted, names);
    }
  }

  private async held(
    session: string,
    watch: PageWatch,
    wanted: PageCondition,
    signal: AbortSignal,
  ): Promise<Held | null> {
    const { page, loads, network, leaving } = watch;
    const { load, target, targetGone } = wanted;
    const answers = network.since(watch.acted).map(({ url, status }) => `${status ?? "-"} ${url}`);
    const byUrl = await this.match(session, "url", wanted.url, [cleanUrl(page.url)]);
    const byAnswer = await this.match(session, "response", wanted.response, answers);
    if (byUrl ?? byAnswer) return byUrl ?? byAnswer;
    if (load && leaving === null && loads.has(loads.current, load)) {
      return { condition: `load=${load}`, evidence: cleanUrl(page.url) };
    }
    if (target !== undefined && (await this.reader.has(session, page, target, signal))) {
      return { condition: `target=${target}`, evidence: null };
    }
    if (targetGone !== undefined && !(await this.reader.has(session, page, targetGone, signal))) {
      return { condition: `target-gone=${targetGone}`, evidence: null };
    }
    if (wanted.text.length + wanted.gone.length === 0) return null;
    const text = await this.reader.text(page, signal);
    const byText = await this.match(session, "text", wanted.text, text.split("\n"));
    if (byText) return byText;
    const whole = await this.matches(session, wanted.gone, [text]);
    const gone = wanted.gone.find((_, at) => whole[at]?.[0] === false);
    return gone === undefined ? null : { condition: `gone=${gone}`, evidence: null };
  }

  private async match(
    session: string,
    kind: string,
    patterns: readonly string[],
    texts: readonly string[],
  ): Promise<Held | null> {
    if (patterns.length === 0 || texts.length === 0) return null;
    const matched = await this.matches(session, patterns, texts);
    for (const [at, pattern] of patterns.entries()) {
      const found = matched[at]?.indexOf(true) ?? -1;
      if (found >= 0) return { condition: `${kind}=${pattern}`, evidence: texts[found] ?? null };
    }
    return null;
  }
}

/** A document that has gone while it was read is looked at again as what has come in its place. */
function unlessRefused(error: unknown): null {
  if (error instanceof Refusal) return null;
  throw error;
}

/** Resolves when something happens to the page or in its document, and now and then. */
function nextChange(watch: PageWatch, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const ends = AbortSignal.any([signal, over.signal]);
  const happened = new Promise<void>((resolve) => {
    const off = watch.on(() => resolve());
    ends.addEventListener("abort", () => resolve(off() as undefined), { once: true });
  });
  const script = `new Promise((done) => {
    let timer = setTimeout(done, ${lookMs});
    const observer = new MutationObserver(() => {
      observer.disconnect();
      clearTimeout(timer);
      timer = setTimeout(done, ${gatherMs});
    });
    observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  })`;
  // While a document is being replaced it cannot be asked.
  const mutated = watch.world.evaluate(script, ends).catch(() => delay(gatherMs, ends));
  return Promise.race([happened, mutated, delay(lookMs, ends)]).then(() => over.abort());
}

function namesOf({ text, gone, url, response, target, targetGone, load }: PageCondition): string[] {
  return [
    ...text.map((it) => `text=${it}`),
    ...gone.map((it) => `gone=${it}`),
    ...url.map((it) => `url=${it}`),
    ...response.map((it) => `response=${it}`),
    ...(target === undefined ? [] : [`target=${target}`]),
    ...(targetGone === undefined ? [] : [`target-gone=${targetGone}`]),
    ...(load === undefined ? [] : [`load=${load}`]),
  ];
}

function timedOut(
  { page, loads, network, leaving }: PageWatch,
  wanted: PageCondition,
  expected: string[],
) {
  const reached = leaving === null ? loads.reached(loads.current) : null;
  const pending = network.pending();
  const where =
    leaving === null ? `the page is ${cleanUrl(page.url)}` : `the page is on its way to ${leaving}`;
  const waits = underWay(pending.length);
  return new NexoraError(
    "timeout",
    `timed out after ${exactDuration(wanted.timeoutMs)} waiting for ${expected.join(" or ")}: ${where}${waits}`,
    {
      hint: "`nexora chrome snapshot` shows the page, or give it more time (--timeout)",
      details: { expected, url: cleanUrl(page.url), title: page.title, reached },
    },
  );
}
