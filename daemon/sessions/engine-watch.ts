import type { Driver } from "../drivers/driver.ts";
import type { EventSink } from "../events/events.ts";
import type { Logger } from "../log.ts";

export interface EngineWatchParts {
  driver: Pick<Driver, "watch">;
  events: EventSink;
  /** Reconciles; called when the engine is there (again) and when a workstation has ended. */
  reconcile: (signal: AbortSignal) => Promise<void>;
  log: Logger;
  /** A number from 0 to 1. @default Math.random */
  random?: () => number;
}

/** First and longest pause before the engine is tried again, in milliseconds. */
const backoff = { first: 200, most: 15_000 };

/**
 * Follows the engine's events until `signal` aborts; when the engine goes away, says so once and
 * tries again with exponential backoff and full jitter.
 */
export async function watchEngine(parts: EngineWatchParts, signal: AbortSignal): Promise<void> {
  const { driver, events, reconcile, log, random = Math.random } = parts;
  let pause = backoff.first;
  let down = false;
  while (!signal.aborted) {
    try {
      for await (const event of driver.watch(signal)) {
        if (event.type === "watching") {
          pause = backoff.first;
          if (down)
            await events.publish({ type: "engine_up", message: "the engine answers again" });
          down = false;
        }
        await reconcile(signal);
      }
    } catch (error) {
      if (signal.aborted) return;
      const message = (error as Error).message;
      if (!down) await events.publish({ type: "engine_down", message });
      down = true;
      log.debug("the engine does not answer", { message, pause });
    }
    await delay(random() * pause, signal);
    pause = Math.min(pause * 2, backoff.most);
  }
}

function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done, { once: true });
  });
}
