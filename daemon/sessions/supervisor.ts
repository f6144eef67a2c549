import { withinTime } from "../../src/abort.ts";
import type { Logger } from "../log.ts";
import { type EngineWatchParts, watchEngine } from "./engine-watch.ts";
import type { Expiry } from "./expiry.ts";
import type { Health } from "./health.ts";
import type { HomeLimit } from "./home-limit.ts";
import type { Reconciler } from "./reconcile.ts";
import type { Retention } from "./retention.ts";
import type { Revival } from "./revival.ts";

export interface SupervisorParts extends Omit<EngineWatchParts, "reconcile" | "look"> {
  reconciler: Reconciler;
  revival: Revival;
  expiry: Expiry;
  retention: Retention;
  health: Health;
  homeLimit: HomeLimit;
  log: Logger;
  /** How often sessions are looked at, in milliseconds. */
  everyMs: { expiry: number; reconcile: number; homes: number };
}

/** One question of a reconcile pass to the engine may take this long, in milliseconds. */
const passMs = 60_000;
/** How long the first pass may keep the daemon from answering, in milliseconds. */
const startMs = 5_000;

/** Keeps looking after the sessions: the engine's events, expiry, heartbeats, retention. */
export class Supervisor {
  private readonly ended = new AbortController();
  private readonly timers: Timer[] = [];
  private pass: Promise<void> | null = null;
  private again = false;
  private watching: Promise<void> = Promise.resolve();

  constructor(private readonly parts: SupervisorParts) {}

  /** Looks at every session, so that what runs is reachable, and goes on in the background. */
  async start(): Promise<void> {
    const { everyMs, expiry, retention, health, homeLimit, reconciler } = this.parts;
    await withinTime(this.reconcile(), startMs);
    const look = (id: string) => reconciler.look(id).then(() => health.follow());
    this.watching = watchEngine(
      { ...this.parts, reconcile: () => this.reconcile(), look },
      this.ended.signal,
    );
    this.every(everyMs.reconcile, () => this.reconcile());
    this.every(retention.everyMs, () => retention.sweep());
    this.every(everyMs.homes, () => homeLimit.sweep());
    this.every(everyMs.expiry, async () => {
      health.follow();
      await expiry.remember();
      await expiry.sweep();
    });
  }

  async close(): Promise<void> {
    const { health, revival, expiry } = this.parts;
    this.ended.abort();
    for (const timer of this.timers) clearInterval(timer);
    health.close();
    revival.close();
    await expiry.remember(0);
    await this.watching;
  }

  /** One pass; a call during a pass makes that one be followed by another. Never throws. */
  private reconcile(): Promise<void> {
    if (this.pass) this.again = true;
    this.pass ??= this.passes().finally(() => {
      this.pass = null;
    });
    return this.pass;
  }

  private async passes(): Promise<void> {
    const { reconciler, health, log } = this.parts;
    do {
      this.again = false;
      const signal = AbortSignal.any([this.ended.signal, AbortSignal.timeout(passMs)]);
      try {
        await reconciler.run(signal);
        health.follow();
      } catch (error) {
        if (!this.ended.signal.aborted) log.warn("sessions were not looked at", { error });
      }
    } while (this.again && !this.ended.signal.aborted);
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
