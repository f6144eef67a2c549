import { within } from "../../src/abort.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import type { WaitCondition, WaitOutput } from "../../src/contract/wait.ts";
import type { Matches } from "../patterns/patterns.ts";
import type { RunnerClient } from "../runner/client.ts";
import { PixelWatch } from "./pixel-watch.ts";
import type { Displays } from "./types.ts";
import {
  conditionNames,
  type Held,
  held,
  type TextChecks,
  textChecks,
  together,
  watchesText,
} from "./wait-conditions.ts";
import { timedOut } from "./wait-timeout.ts";

/** Patterns of one wait, of all kinds together. */
const maxPatterns = 16;

/** A wait that already watches: changes from now on count, also those before `until` is called. */
export interface ArmedWait extends Disposable {
  /** Resolves with what holds. Throws `timeout`, with what was on the screen. */
  until(signal: AbortSignal): Promise<WaitOutput>;
}

/** A wait under way. */
interface Waiting {
  session: string;
  wanted: WaitCondition;
  pixels: PixelWatch | null;
  checks: TextChecks;
  signal: AbortSignal;
}

/** Waits for conditions, driven by the runner's events and by changed pixels; never by polling. */
export class Waits {
  constructor(
    private readonly displays: Displays,
    private readonly runner: Pick<RunnerClient, "screen" | "events" | "focus">,
    private readonly matches: Matches,
  ) {}

  /** Resolves with what holds. Throws `timeout`, with what was on the screen. */
  async until(session: string, wanted: WaitCondition, signal: AbortSignal): Promise<WaitOutput> {
    using armed = await this.arm(session, wanted, signal);
    return await armed.until(signal);
  }

  /**
   * To be called before the action whose effect is waited for. The prompt is that of the terminal
   * which has the focus now, whatever window the action opens. Throws `usage` without a condition.
   */
  async arm(session: string, wanted: WaitCondition, signal: AbortSignal): Promise<ArmedWait> {
    if (conditionNames(wanted).length === 0) {
      throw new NexoraError("usage", "there is nothing to wait for", {
        hint: "give a condition: prompt, input, text, gone, stable, change, title or ready",
      });
    }
    if (wanted.text.length + wanted.gone.length + wanted.title.length > maxPatterns) {
      throw new NexoraError("usage", `there are more than ${maxPatterns} patterns`, {
        hint: "one pattern can have alternatives: `done|failed`",
      });
    }
    const shell = wanted.prompt ? (await this.runner.focus(session, signal)).terminal : null;
    const checks = textChecks(wanted, shell?.id ?? null, (patterns, texts) =>
      this.matches(session, patterns, texts),
    );
    const { change, stableMs } = wanted;
    const pixels =
      change || (stableMs !== undefined && !wanted.all)
        ? new PixelWatch(
            await this.displays.acquire(session, signal),
            wanted.all ? { ...wanted, stableMs: undefined } : wanted,
          )
        : null;
    return {
      until: (ends) => this.race({ session, wanted, pixels, checks, signal: ends }),
      [Symbol.dispose]: () => pixels?.[Symbol.dispose](),
    };
  }

  private async race(waiting: Waiting): Promise<WaitOutput> {
    const { session, wanted, signal } = waiting;
    const started = performance.now();
    const deadline = AbortSignal.timeout(wanted.timeoutMs);
    const ended = new AbortController();
    const all = AbortSignal.any([signal, deadline, ended.signal]);
    try {
      const holds = wanted.all ? this.all : this.any;
      const it = await within(holds.call(this, { ...waiting, signal: all }), all);
      return { ...it, waitedMs: performance.now() - started };
    } catch (error) {
      if (signal.aborted || !deadline.aborted) throw error;
      const screen = await this.runner.screen(session, { input: true }).catch(() => null);
      const last = screen ? await waiting.checks(screen).catch(() => []) : [];
      throw timedOut(wanted, screen, last);
    } finally {
      ended.abort();
    }
  }

  private any(waiting: Waiting): Promise<Held> {
    const { wanted, pixels } = waiting;
    const races: Promise<Held>[] = [];
    // The route has found the session running, which is what READY means.
    if (wanted.ready) races.push(Promise.resolve(held("ready")));
    if (pixels) races.push(pixels.wait().then(held));
    if (watchesText(wanted)) {
      races.push(this.text(waiting, (each) => each.find((it) => it !== null) ?? null));
    }
    return Promise.race(races);
  }

  /** What is told by the text must hold at once, and again after the pixels have been still. */
  private async all(waiting: Waiting): Promise<Held> {
    const { session, wanted, pixels, checks, signal } = waiting;
    const { stableMs } = wanted;
    const first = wanted.ready ? [held("ready")] : [];
    if (pixels) first.push(held(await pixels.wait()));
    const every = (each: (Held | null)[]) => {
      const holding = each.filter((it) => it !== null);
      return holding.length === each.length ? together([...first, ...holding]) : null;
    };
    for (;;) {
      const texts = watchesText(wanted) ? await this.text(waiting, every) : together(first);
      if (stableMs === undefined) return texts;
      using still = new PixelWatch(await this.displays.acquire(session, signal), {
        ...wanted,
        change: false,
      });
      const stable = held(await within(still.wait(), signal));
      if (!watchesText(wanted)) return together([...first, stable]);
      const screen = await this.runner.screen(session, { input: wanted.input }, signal);
      const again = every(await checks(screen));
      if (again) return together([again, stable]);
    }
  }

  /** Looks at the text with every event until `enough` says what holds. */
  private async text(
    { session, wanted, checks, signal }: Waiting,
    enough: (each: (Held | null)[]) => Held | null,
  ): Promise<Held> {
    const { input } = wanted;
    // The first event is the runner's greeting: nothing falls between subscribing and looking.
    for await (const _event of this.runner.events(session, signal, { input })) {
      const screen = await this.runner.screen(session, { input }, signal);
      const holds = enough(await checks(screen));
      if (holds) return holds;
    }
    throw new NexoraError(
      "engine_failed",
      "the connection to the workstation was lost while waiting",
      {
        hint: "see `nexora session show`: the workstation may have stopped",
      },
    );
  }
}
