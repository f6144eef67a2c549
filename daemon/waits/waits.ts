import { within } from "../../src/abort.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import type { WaitCondition, WaitOutput } from "../../src/contract/wait.ts";
import type { Things } from "../desktop/things.ts";
import type { DesktopWindows } from "../desktop/windows.ts";
import type { Displays } from "../display/types.ts";
import type { Matches } from "../patterns/patterns.ts";
import type { Blocks } from "../perception/blocks.ts";
import type { WindowText } from "../perception/window-text.ts";
import type { RunnerClient } from "../runner/client.ts";
import { type Checks, checksOf } from "./checks.ts";
import { conditionNames, looks, watchesPixels } from "./conditions.ts";
import { type Held, held, together } from "./held.ts";
import { PixelWatch } from "./pixel-watch.ts";
import { eventsFor, look } from "./sight.ts";
import { timedOut } from "./timeout.ts";
import { Wakes } from "./wakes.ts";
import { WindowPart } from "./window-part.ts";

/** Patterns of one wait, of all kinds together. */
const maxPatterns = 16;

/** A wait that already watches: changes from now on count, also those before `until` is called. */
export interface ArmedWait extends Disposable {
  /** Resolves with what holds. Throws `timeout`, with what was on the screen. */
  until(signal: AbortSignal): Promise<WaitOutput>;
}

export interface WaitParts {
  displays: Displays;
  runner: Pick<RunnerClient, "screen" | "events" | "focus" | "ports">;
  windows: Pick<DesktopWindows, "list">;
  blocks: Pick<Blocks, "texts">;
  things: Pick<Things, "isThere">;
  matches: Matches;
}

/** A wait under way. */
interface Waiting {
  session: string;
  wanted: WaitCondition;
  /** The window whose pixels count, if only those of one do. */
  part: WindowPart | null;
  pixels: PixelWatch | null;
  checks: Checks;
  signal: AbortSignal;
}

/** Waits for conditions, driven by the runner's events and by changed pixels. */
export class Waits {
  constructor(private readonly parts: WaitParts) {}

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
    checkConditions(wanted);
    const { runner, matches } = this.parts;
    const shell = wanted.prompt ? (await runner.focus(session, signal)).terminal : null;
    const checks = checksOf(wanted, shell?.id ?? null, (patterns, texts) =>
      matches(session, patterns, texts),
    );
    using ends = new DisposableStack();
    const ofWindow = watchesPixels(wanted) && wanted.window.length > 0;
    const part = ofWindow
      ? ends.use(await WindowPart.follow(this.parts, session, wanted.window, signal))
      : null;
    const { change, stableMs } = wanted;
    const atOnce = change || (stableMs !== undefined && !wanted.all);
    const now = wanted.all ? { ...wanted, stableMs: undefined } : wanted;
    const pixels = atOnce ? ends.use(await this.watch(session, now, part, signal)) : null;
    const armed = ends.move();
    return {
      until: (over) => this.race({ session, wanted, part, pixels, checks, signal: over }),
      [Symbol.dispose]: () => armed.dispose(),
    };
  }

  private async watch(
    session: string,
    { change, stableMs, region, ignoreCaret }: WaitCondition,
    window: WindowPart | null,
    signal: AbortSignal,
  ): Promise<PixelWatch> {
    const part = window ?? region ?? null;
    const lease = await this.parts.displays.acquire(session, signal);
    return new PixelWatch(lease, { change, stableMs, part, ignoreCaret });
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
      throw await timedOut(this.parts, session, wanted, waiting.checks);
    } finally {
      ended.abort();
    }
  }

  private any(waiting: Waiting): Promise<Held> {
    const { wanted, pixels } = waiting;
    const races: Promise<Held>[] = [];
    // The route has found the session running, which is what READY means.
    if (wanted.ready) races.push(Promise.resolve(held("ready")));
    if (pixels) races.push(pixels.wait());
    if (looks(wanted)) {
      races.push(this.looking(waiting, (each) => each.find((it) => it !== null) ?? null));
    }
    return Promise.race(races);
  }

  /** What is looked at must hold at once, and again after the pixels have been still. */
  private async all(waiting: Waiting): Promise<Held> {
    const { session, wanted, part, pixels, checks, signal } = waiting;
    const first = wanted.ready ? [held("ready")] : [];
    if (pixels) first.push(await pixels.wait());
    const every = (each: (Held | null)[]) => {
      const holding = each.filter((it) => it !== null);
      return holding.length === each.length ? together([...first, ...holding]) : null;
    };
    for (;;) {
      const seen = looks(wanted) ? await this.looking(waiting, every) : together(first);
      if (wanted.stableMs === undefined) return seen;
      using still = await this.watch(session, { ...wanted, change: false }, part, signal);
      const stable = await within(still.wait(), signal);
      if (!looks(wanted)) return together([...first, stable]);
      const again = every(await checks(await look(this.parts, session, wanted, signal)));
      if (again) return together([again, stable]);
    }
  }

  /** Looks whenever something may have changed until `enough` says what holds. */
  private async looking(
    { session, wanted, checks, signal }: Waiting,
    enough: (each: (Held | null)[]) => Held | null,
  ): Promise<Held> {
    using wakes = new Wakes(this.parts, session, signal);
    wakes.follow(eventsFor(wanted));
    for (;;) {
      await wakes.next();
      const sight = await look(this.parts, session, wanted, signal);
      const holds = enough(await checks(sight));
      if (holds) return holds;
      if (sight.things.size > 0 || sight.texts?.some(isPainted)) await wakes.followPixels();
    }
  }
}

/** Whether no event tells of a text's changes: only its pixels do. */
function isPainted({ source }: WindowText): boolean {
  return source !== "terminal" && source !== "none";
}

function checkConditions(wanted: WaitCondition): void {
  const { text, gone, title, window, region } = wanted;
  if (conditionNames(wanted).length === 0) {
    throw new NexoraError("usage", "there is nothing to wait for", {
      hint: "give a condition: prompt, input, text, gone, window, port, ref, stable, change, title or ready",
    });
  }
  if (text.length + gone.length + title.length > maxPatterns) {
    throw new NexoraError("usage", `there are more than ${maxPatterns} patterns`, {
      hint: "one pattern can have alternatives: `done|failed`",
    });
  }
  if (watchesPixels(wanted) && region && window.length > 0) {
    throw new NexoraError("usage", "the pixels that count are those of a window, or of a region", {
      hint: "give one of --window and --region",
    });
  }
}
