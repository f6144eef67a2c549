import type { Displays } from "../display/types.ts";
import type { RunnerClient } from "../runner/client.ts";
import { PixelRest } from "./pixel-rest.ts";

/** How long after it has read a key a program may take until it shows something, in milliseconds. */
const reactMs = 40;
/** How long pixels rest when a terminal has painted, in milliseconds: it paints at once. */
const terminalQuietMs = 20;
/** The same for other windows, which paint frame by frame, one in 17 ms. */
const graphicalQuietMs = 40;
/** How long to wait for the first pixel that changes in such a window, in milliseconds. */
const graphicalFirstMs = 150;

/** How long a look has waited, and whether all was still in the end. */
interface Settled {
  ms: number;
  still: boolean;
}

/** What a look wants to be still. */
export interface Wanted {
  /** The picture too, not only the text. */
  pixels: boolean;
  /** Longest wait, in milliseconds. */
  withinMs: number;
}

/** Waits until what an action has caused has come, and is still for a moment. */
export class Settling {
  constructor(
    private readonly parts: {
      displays: Pick<Displays, "acquire">;
      runner: Pick<RunnerClient, "settle">;
    },
  ) {}

  /** To be called before the action. */
  async arm(session: string, wanted: Wanted, signal: AbortSignal): Promise<ArmedSettling> {
    const { displays, runner } = this.parts;
    const armed = wanted.pixels && wanted.withinMs > 0;
    const pixels = armed ? new PixelRest(await displays.acquire(session, signal)) : null;
    return new ArmedSettling({ displays, runner }, session, wanted.withinMs, pixels);
  }
}

class ArmedSettling implements Disposable {
  constructor(
    private readonly parts: {
      displays: Pick<Displays, "acquire">;
      runner: Pick<RunnerClient, "settle">;
    },
    private readonly session: string,
    private readonly withinMs: number,
    private pixels: PixelRest | null,
  ) {}

  /**
   * Looks once all is still, again if something has changed during the look, and in any case at the
   * end of the time. `reacted`: a wait has seen already what the action should cause.
   */
  async look<T>(
    reacted: boolean,
    take: () => Promise<T>,
    signal: AbortSignal,
  ): Promise<{ screen: T; settled: Settled }> {
    const started = performance.now();
    const end = started + this.withinMs;
    for (let known = reacted; ; known = true) {
      const still = await this.still(known, end, signal);
      const ms = performance.now() - started;
      const before = await this.state(signal);
      const screen = await take();
      const torn = this.pixels !== null && before !== (await this.state(signal));
      if (!torn || performance.now() >= end)
        return { screen, settled: { ms, still: still && !torn } };
    }
  }

  private async still(reacted: boolean, end: number, signal: AbortSignal): Promise<boolean> {
    const { displays, runner } = this.parts;
    const withinMs = Math.max(0, Math.round(end - performance.now()));
    const limits = { withinMs, reactMs: reacted ? 0 : reactMs };
    const { terminal, still } = await runner.settle(this.session, limits, signal);
    if (terminal === null && withinMs > 0) {
      this.pixels ??= new PixelRest(await displays.acquire(this.session, signal));
    }
    if (!this.pixels) return still;
    const quietMs = terminal === null ? graphicalQuietMs : terminalQuietMs;
    const firstMs = terminal === null && !reacted ? graphicalFirstMs : 0;
    return (await this.pixels.until({ quietMs, firstMs }, end, signal)) && still;
  }

  /** Differs once something has changed; only for pictures, since a text is taken in one moment. */
  private async state(signal: AbortSignal): Promise<string> {
    if (!this.pixels) return "";
    const { seq } = await this.parts.runner.settle(
      this.session,
      { withinMs: 0, reactMs: 0 },
      signal,
    );
    return `${seq} ${this.pixels.changes}`;
  }

  [Symbol.dispose](): void {
    this.pixels?.[Symbol.dispose]();
  }
}
