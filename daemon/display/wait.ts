import { NexoraError } from "../../src/contract/errors.ts";
import type { WaitCondition, WaitOutput } from "../../src/contract/wait.ts";
import type { RunnerScreen } from "../../src/runner/protocol.ts";
import type { RunnerClient } from "../runner/client.ts";
import { overlaps } from "./region.ts";
import type { Displays } from "./types.ts";

/** Lines of the screen that a time-out's error shows. */
const shownLines = 40;

/** Waits for conditions, driven by the runner's events and by changed pixels; never by polling. */
export class Waits {
  constructor(
    private readonly displays: Displays,
    private readonly runner: Pick<RunnerClient, "screen" | "events">,
  ) {}

  /** Resolves with the first condition that holds. Throws `timeout`, with what was on the screen. */
  async until(session: string, wanted: WaitCondition, signal: AbortSignal): Promise<WaitOutput> {
    const started = performance.now();
    const conditions = describe(wanted);
    if (conditions.length === 0) {
      throw new NexoraError("usage", "there is nothing to wait for", {
        hint: "give a condition: --prompt, --text RE, --gone RE, --stable DUR, --change, --title RE, --ready",
      });
    }
    const deadline = AbortSignal.timeout(wanted.timeoutMs);
    const ended = new AbortController();
    const all = AbortSignal.any([signal, deadline, ended.signal]);
    let last: RunnerScreen | null = null;
    try {
      const races: Promise<Held>[] = [];
      if (wanted.ready) races.push(Promise.resolve({ condition: "ready", exitStatus: null }));
      if (wanted.change || wanted.stableMs !== undefined)
        races.push(this.pixels(session, wanted, all));
      if (watchesText(wanted)) {
        races.push(this.text(session, wanted, all, (screen) => (last = screen)));
      }
      const held = await Promise.race([...races, aborted(all)]);
      return { ...held, waitedMs: performance.now() - started };
    } catch (error) {
      if (signal.aborted || !deadline.aborted) throw error;
      throw await this.timedOut(session, wanted, conditions, last);
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
    // Subscribed before the first look, so that nothing falls between the two.
    const events = this.runner.events(session, signal);
    for await (const _event of events) {
      const screen = await this.runner.screen(session, 0, signal);
      seen(screen);
      const held = check(screen);
      if (held) return held;
    }
    throw new NexoraError("engine_failed", "the workstation ended while waiting", {
      hint: "see `nexora session show`",
    });
  }

  private async pixels(session: string, wanted: WaitCondition, signal: AbortSignal): Promise<Held> {
    using lease = await this.displays.acquire(session, signal);
    const { promise, resolve, reject } = Promise.withResolvers<Held>();
    const stable = wanted.stableMs;
    const hold = () => resolve({ condition: "stable", exitStatus: null });
    let timer = stable === undefined ? undefined : setTimeout(hold, stable);
    const stop = lease.display.onChange((regions) => {
      const region = wanted.region;
      if (region && !regions.some((changed) => overlaps(changed, region))) return;
      if (wanted.change) resolve({ condition: "change", exitStatus: null });
      if (stable === undefined) return;
      clearTimeout(timer);
      timer = setTimeout(hold, stable);
    });
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    try {
      signal.throwIfAborted();
      return await promise;
    } finally {
      stop();
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
    }
  }

  private async timedOut(
    session: string,
    wanted: WaitCondition,
    conditions: string[],
    last: RunnerScreen | null,
  ): Promise<NexoraError> {
    const screen = last ?? (await this.runner.screen(session).catch(() => null));
    const lines = screen?.terminal?.lines.filter((line) => line !== "").slice(-shownLines) ?? [];
    return new NexoraError(
      "timeout",
      `waited ${wanted.timeoutMs} ms for ${conditions.join(" or ")}, in vain`,
      {
        hint: "see `details.screen` for what was on the screen; --timeout gives it longer",
        details: { expected: conditions, window: screen?.focused?.title ?? null, screen: lines },
      },
    );
  }
}

type Held = Omit<WaitOutput, "waitedMs">;

function watchesText(wanted: WaitCondition): boolean {
  return wanted.prompt || wanted.text.length + wanted.gone.length + wanted.title.length > 0;
}

function describe(wanted: WaitCondition): string[] {
  return [
    ...(wanted.ready ? ["ready"] : []),
    ...(wanted.prompt ? ["prompt"] : []),
    ...(wanted.change ? ["change"] : []),
    ...(wanted.stableMs === undefined ? [] : [`stable=${wanted.stableMs}ms`]),
    ...wanted.text.map((source) => `text=${source}`),
    ...wanted.gone.map((source) => `gone=${source}`),
    ...wanted.title.map((source) => `title=${source}`),
  ];
}

function textCheck(wanted: WaitCondition): (screen: RunnerScreen) => Held | null {
  const compile = (sources: string[]) =>
    sources.map((source) => [source, new RegExp(source, "mu")] as const);
  const [texts, gones, titles] = [
    compile(wanted.text),
    compile(wanted.gone),
    compile(wanted.title),
  ];
  return ({ focused, terminal }) => {
    const held = (condition: string): Held => ({
      condition,
      exitStatus: condition === "prompt" ? (terminal?.exitStatus ?? null) : null,
    });
    if (wanted.prompt && terminal?.prompt) return held("prompt");
    const text = terminal?.lines.join("\n") ?? "";
    for (const [source, re] of texts) if (re.test(text)) return held(`text=${source}`);
    for (const [source, re] of gones) if (terminal && !re.test(text)) return held(`gone=${source}`);
    for (const [source, re] of titles)
      if (focused && re.test(focused.title)) return held(`title=${source}`);
    return null;
  };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
