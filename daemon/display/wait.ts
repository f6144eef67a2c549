import { within } from "../../src/abort.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import type { WaitCondition, WaitOutput } from "../../src/contract/wait.ts";
import { exactDuration } from "../../src/duration.ts";
import type { RunnerScreen } from "../../src/runner/protocol.ts";
import type { RunnerClient } from "../runner/client.ts";
import { PixelWatch } from "./pixel-watch.ts";
import type { Displays } from "./types.ts";
import { conditionNames, type Held, held, textCheck, watchesText } from "./wait-conditions.ts";

/** Lines of the screen that a time-out's error shows. */
const shownLines = 40;

/** A wait that already watches: changes from now on count, also those before `until` is called. */
export interface ArmedWait extends Disposable {
  /** Resolves with the first condition that holds. Throws `timeout`, with what was on the screen. */
  until(signal: AbortSignal): Promise<WaitOutput>;
}

/** Waits for conditions, driven by the runner's events and by changed pixels; never by polling. */
export class Waits {
  constructor(
    private readonly displays: Displays,
    private readonly runner: Pick<RunnerClient, "screen" | "events">,
  ) {}

  /** Resolves with the first condition that holds. Throws `timeout`, with what was on the screen. */
  async until(session: string, wanted: WaitCondition, signal: AbortSignal): Promise<WaitOutput> {
    using armed = await this.arm(session, wanted, signal);
    return await armed.until(signal);
  }

  /** To be called before the action whose effect is waited for. Throws `usage` without a condition. */
  async arm(session: string, wanted: WaitCondition, signal: AbortSignal): Promise<ArmedWait> {
    if (conditionNames(wanted).length === 0) {
      throw new NexoraError("usage", "there is nothing to wait for", {
        hint: "give a condition: prompt, text, gone, stable, change, title or ready",
      });
    }
    const watchesPixels = wanted.change || wanted.stableMs !== undefined;
    const pixels = watchesPixels
      ? new PixelWatch(await this.displays.acquire(session, signal), wanted)
      : null;
    return {
      until: (ends) => this.race(session, wanted, pixels, ends),
      [Symbol.dispose]: () => pixels?.[Symbol.dispose](),
    };
  }

  private async race(
    session: string,
    wanted: WaitCondition,
    pixels: PixelWatch | null,
    signal: AbortSignal,
  ): Promise<WaitOutput> {
    const started = performance.now();
    const deadline = AbortSignal.timeout(wanted.timeoutMs);
    const ended = new AbortController();
    const all = AbortSignal.any([signal, deadline, ended.signal]);
    let last: RunnerScreen | null = null;
    try {
      const races: Promise<Held>[] = [];
      // The route has found the session running, which is what READY means.
      if (wanted.ready) races.push(Promise.resolve(held("ready")));
      if (pixels) races.push(pixels.wait().then(held));
      if (watchesText(wanted)) {
        const seen = (screen: RunnerScreen) => {
          last = screen;
        };
        races.push(this.text(session, wanted, all, seen));
      }
      const first = await within(Promise.race(races), all);
      return { ...first, waitedMs: performance.now() - started };
    } catch (error) {
      if (signal.aborted || !deadline.aborted) throw error;
      throw await this.timedOut(session, wanted, last);
    } finally {
      ended.abort();
    }
  }

  private async text(
    session: string,
    wanted: WaitCondition,
    signal: AbortSignal,
    seen: (screen: RunnerScreen) => void,
  ): Promise<Held> {
    const check = textCheck(wanted);
    // The first event is the runner's greeting: nothing falls between subscribing and looking.
    for await (const _event of this.runner.events(session, signal)) {
      const screen = await this.runner.screen(session, 0, signal);
      seen(screen);
      const holds = check(screen);
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

  private async timedOut(
    session: string,
    wanted: WaitCondition,
    last: RunnerScreen | null,
  ): Promise<NexoraError> {
    const expected = conditionNames(wanted);
    const screen = last ?? (await this.runner.screen(session).catch(() => null));
    const lines = screen?.terminal?.lines.filter((line) => line !== "").slice(-shownLines) ?? [];
    return new NexoraError(
      "timeout",
      `timed out after ${exactDuration(wanted.timeoutMs)} waiting for ${expected.join(" or ")}`,
      {
        hint: "look at what is on the screen, or wait longer",
        details: { expected, window: screen?.focused?.title ?? null, screen: lines },
      },
    );
  }
}
