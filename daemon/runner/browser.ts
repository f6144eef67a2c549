import { z } from "zod";
import type { RunnerBrowser, RunnerBrowserStart } from "../../src/runner/browser.ts";
import { line, whole } from "./bounds.ts";
import type { RunnerRequests } from "./requests.ts";

/** How long a browser may take to start or to end, in milliseconds. */
const withinMs = 25_000;

const browserReply = z.object({
  installed: z.boolean(),
  running: z
    .object({ version: line(100), path: z.string().regex(/^\/devtools\/browser\/[\w-]{1,100}$/) })
    .nullable(),
  pid: whole(0, 2 ** 32).nullable(),
  started: z.boolean(),
}) satisfies z.ZodType<RunnerBrowser>;

const pagesReply = z.array(z.string().max(100)).max(10_000);

/** The browser in a workstation, as far as its runner has to do with it. */
export class BrowserProcess {
  constructor(private readonly requests: RunnerRequests) {}

  /** Whether it runs. */
  state(session: string, signal?: AbortSignal): Promise<RunnerBrowser> {
    return this.requests.ask(browserReply, session, { at: "browser" }, signal);
  }

  /** The targets of its pages, the one that was last active first. */
  pages(session: string, signal?: AbortSignal): Promise<string[]> {
    return this.requests.ask(pagesReply, session, { at: "browser/pages" }, signal);
  }

  /** Starts it unless it runs; resolves when its DevTools answer. Throws `action_failed`. */
  start(session: string, how: RunnerBrowserStart, signal?: AbortSignal): Promise<RunnerBrowser> {
    const question = { at: "browser/start", post: how, withinMs };
    return this.requests.ask(browserReply, session, question, signal);
  }

  /** Ends it, and resolves once it has ended. */
  stop(session: string, signal?: AbortSignal): Promise<RunnerBrowser> {
    const question = { at: "browser/stop", post: {}, withinMs };
    return this.requests.ask(browserReply, session, question, signal);
  }
}
