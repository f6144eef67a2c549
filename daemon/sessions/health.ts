import { delay } from "../../src/abort.ts";
import type { RunnerEvent } from "../../src/runner/protocol.ts";
import type { Driver } from "../drivers/driver.ts";
import type { EventSink } from "../events/events.ts";
import type { Logger } from "../log.ts";
import type { RunnerClient } from "../runner/client.ts";
import type { Directory, Live } from "./directory.ts";
import type { Lifecycle } from "./lifecycle.ts";
import type { Revival } from "./revival.ts";

type Heartbeat = Extract<RunnerEvent, { type: "heartbeat" }>;

export interface HealthParts {
  driver: Driver;
  directory: Directory;
  lifecycle: Lifecycle;
  revival: Revival;
  runner: Pick<RunnerClient, "events">;
  events: EventSink;
  log: Logger;
  /** How long a runner may be silent, in milliseconds; it sends a heartbeat every 5 s. */
  silenceMs: number;
}

/** How long finding out what is wrong may take, in milliseconds. */
const diagnoseMs = 10_000;
/** Pause before a runner is listened to again, in milliseconds. */
const retryMs = 1000;

/** Listens to the heartbeat of every running session, and says what is wrong when it stops. */
export class Health {
  private readonly watched = new Map<string, AbortController>();

  constructor(private readonly parts: HealthParts) {}

  /** Watches what runs now and nothing else; to be called when sessions come and go. */
  follow(): void {
    const running = new Set(this.parts.directory.ids());
    for (const [id, ended] of this.watched) if (!running.has(id)) ended.abort();
    for (const id of running) {
      if (this.watched.has(id)) continue;
      const ended = new AbortController();
      this.watched.set(id, ended);
      void this.watch(id, ended.signal).finally(() => this.watched.delete(id));
    }
  }

  close(): void {
    for (const ended of this.watched.values()) ended.abort();
  }

  private async watch(id: string, signal: AbortSignal): Promise<void> {
    const { silenceMs, log } = this.parts;
    let alive = performance.now();
    let told = false;
    while (!signal.aborted) {
      await this.listen(id, alive + silenceMs, signal, () => {
        alive = performance.now();
        told = false;
        this.note(id, null);
      });
      // A connection may break for many reasons; only silence is a symptom.
      if (performance.now() - alive >= silenceMs && !told && !signal.aborted) {
        try {
          told = await this.diagnose(id);
        } catch (error) {
          log.warn("a session could not be diagnosed", { session: id, error });
        }
      }
      await delay(retryMs, signal);
    }
  }

  /** Until the connection ends, or nothing has come until `deadline` (performance.now). */
  private async listen(
    id: string,
    deadline: number,
    signal: AbortSignal,
    heard: () => void,
  ): Promise<void> {
    const { runner, log, silenceMs } = this.parts;
    const silent = new AbortController();
    const giveUp = (ms: number) => setTimeout(() => silent.abort(), ms);
    let timer = giveUp(Math.max(retryMs, deadline - performance.now()));
    try {
      for await (const event of runner.events(id, AbortSignal.any([signal, silent.signal]))) {
        heard();
        if (event.type === "heartbeat") await this.count(id, event);
        clearTimeout(timer);
        timer = giveUp(silenceMs);
      }
    } catch (error) {
      log.debug("a runner went silent", { session: id, error });
    } finally {
      clearTimeout(timer);
    }
  }

  /** Tells of a runner that has died since it was heard last: the workstation has started another. */
  private async count(id: string, { endings, ending }: Heartbeat): Promise<void> {
    const { directory, events } = this.parts;
    const live = directory.peek(id);
    if (!live || live.endings === endings) return;
    const isNews = live.endings !== null;
    live.endings = endings;
    if (endings === 0) return;
    const often = endings === 1 ? "" : ` (${endings} times so far)`;
    const message = `its runner died (${ending}) and was started again${often}: what ran in its terminal is gone`;
    live.recovered = message;
    const session = { id, name: live.row.name };
    if (isNews) await events.publish({ type: "recovered", session, message });
  }

  /** Names what is wrong; what has ended is the reconciler's, which the engine tells. */
  private async diagnose(id: string): Promise<boolean> {
    const { directory, driver, events, lifecycle } = this.parts;
    const live = directory.peek(id);
    if (!live || lifecycle.busy(id)) return false;
    const state = await driver.inspect(live.ref, AbortSignal.timeout(diagnoseMs));
    if (!state?.running) return false;
    const { row } = live;
    const why = state.paused ? "the engine has paused it" : await this.strain(live);
    const message = `its runner does not answer: ${why}`;
    this.note(id, message);
    await events.publish({ type: "unhealthy", session: { id, name: row.name }, message });
    if (row.restart) await this.bringBack(id, message);
    return true;
  }

  private note(id: string, unhealthy: string | null): void {
    const live = this.parts.directory.peek(id);
    if (live) live.unhealthy = unhealthy;
  }

  private async strain({ ref, row }: Live): Promise<string> {
    const stats = await this.parts.driver.stats(ref, AbortSignal.timeout(diagnoseMs));
    if (stats.memoryBytes > row.memoryBytes * 0.95) return "its memory is used up";
    if (stats.pids >= row.pids) return "it has as many processes as it may";
    if (stats.cpuPercent > row.cpus * 95) return "its CPUs are busy";
    return "its processes run, but the runner is stuck or was ended";
  }

  private async bringBack(id: string, reason: string): Promise<void> {
    const { lifecycle, directory, revival } = this.parts;
    const ended = await lifecycle.exclusively(id, (row) =>
      directory.peek(id) ? lifecycle.end(row, { type: "exited", reason }) : null,
    );
    if (ended) revival.revive(ended);
  }
}
