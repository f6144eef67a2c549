import { delay } from "../../src/abort.ts";
import { messageOf } from "../../src/thrown.ts";
import type { Driver } from "../drivers/driver.ts";
import type { EventSink } from "../events/events.ts";
import type { Logger } from "../log.ts";

export interface EngineWatchParts {
  driver: Pick<Driver, "watch">;
  events: EventSink;
  /** Looks at everything; called when the engine is there (again). Never throws. */
  reconcile: () => Promise<void>;
  /** Looks at one session, whose workstation has ended. Never throws. */
  look: (session: string) => Promise<void>;
  log: Logger;
  /** A number from 0 to 1. @default Math.random */
  random?: () => number;
}

/** First and longest pause before the engine is tried again, in milliseconds. */
const backoff = { first: 200, most: 15_000 };
/** An engine that has answered for so long counts as well, in milliseconds. */
const steadyMs = 10_000;

/**
 * Follows the engine's events until `signal` aborts; when the engine goes away, says so once and
 * tries again with exponential backoff and jitter.
 */
export async function watchEngine(parts: EngineWatchParts, signal: AbortSignal): Promise<void> {
  const { driver, events, reconcile, look, log, random = Math.random } = parts;
  let pause = backoff.first;
  let down = false;
  while (!signal.aborted) {
    let since = Number.POSITIVE_INFINITY;
    try {
      for await (const event of driver.watch(signal)) {
        // Not waited for: a slow repair must not hold up what the engine tells next.
        if (event.type === "ended") void look(event.session);
        else {
          since = performance.now();
          if (down) {
            await events.publish({ type: "engine_up", message: "the engine answers again" });
          }
          down = false;
          void reconcile();
        }
      }
    } catch (error) {
      if (signal.aborted) return;
      const message = messageOf(error);
      if (!down) await events.publish({ type: "engine_down", message });
      down = true;
      log.debug("the engine does not answer", { message, pause });
    }
    if (performance.now() - since > steadyMs) pause = backoff.first;
    await delay(pause / 2 + (random() * pause) / 2, signal);
    pause = Math.min(pause * 2, backoff.most);
  }
}
