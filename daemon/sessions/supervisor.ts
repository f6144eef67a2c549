import type { Logger } from "../log.ts";
import { type EngineWatchParts, watchEngine } from "./engine-watch.ts";
import type { Expiry } from "./expiry.ts";
import type { Health } from "./health.ts";
import type { Reconciler } from "./reconcile.ts";

export interface SupervisorParts extends Omit<EngineWatchParts, "reconcile"> {
  reconciler: Reconciler;
  expiry: Expiry;
  health: Health;
  log: Logger;
  /** How often sessions are looked at, in milliseconds. */
  everyMs: { expiry: number; reconcile: number };
}

/** One reconcile pass may take this long, in milliseconds. */
const passMs = 60_000;

/** Keeps looking after the sessions: the engine's events, expiry, heartbeats, retention. */
export class Supervisor {
  private readonly ended = new AbortController();
  private readonly timers: Timer[] = [];
  private pass: Promise<void> | null = null;
  private again = false;
  private watching: Promise<void> = Promise.resolve();

  constructor(private readonly parts: SupervisorParts) {}

  /** Reconciles once and then goes on in the background. */
  async start(): Promise<void> {
    const { everyMs, expiry, health, log } = this.parts;
    await this.reconcile().catch((error) => log.error("sessions were not looked at", { error }));
    this.watching = watchEngine(
      { ...this.parts, reconcile: () => this.reconcile() },
      this.ended.signal,
    );
    this.every(everyMs.reconcile, () => this.reconcile());
    this.every(everyMs.expiry, async () => {
      health.follow();
      await expiry.remember();
      await expiry.sweep();
    });
  }

  async close(): Promise<void> {
    this.ended.abort();
    for (const timer of this.timers) clearInterval(timer);
    this.parts.health.close();
    await this.parts.expiry.remember();
    await Promise.allSettled([this.watching, this.pass]);
  }

  /** One pass; a call during a pass makes that one be followed by another. */
  private reconcile(): Promise<void> {
    if (this.pass) {
      this.again = true;
      return this.pass;
    }
    const signal = AbortSignal.any([this.ended.signal, AbortSignal.timeout(passMs)]);
    this.pass = this.parts.reconciler
      .run(signal)
      .then(() => this.parts.health.follow())
      .finally(() => {
        this.pass = null;
        if (!this.again || this.ended.signal.aborted) return;
        this.again = false;
        void this.reconcile().catch(() => {}); // The engine is down: its watch tells so.
      });
    return this.pass;
  }

  private every(ms: number, action: () => Promise<void>): void {
    const { log } = this.parts;
    let running = false;
    const tick = async () => {
      if (running) return;
      running = true;
      await action().catch((error) => log.warn("a periodic look failed", { error }));
      running = false;
    };
    const timer = setInterval(() => void tick(), ms);
    timer.unref();
    this.timers.push(timer);
  }
}
