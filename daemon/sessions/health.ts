import type { Driver } from "../drivers/driver.ts";
import type { EventSink } from "../events/events.ts";
import type { Logger } from "../log.ts";
import type { RunnerClient } from "../runner/client.ts";
import type { SessionRow } from "../store/sessions.ts";
import type { Directory, Live } from "./directory.ts";
import type { Lifecycle } from "./lifecycle.ts";

export interface HealthParts {
  driver: Driver;
  directory: Directory;
  lifecycle: Lifecycle;
  runner: Pick<RunnerClient, "events">;
  events: EventSink;
  log: Logger;
  /** How long a runner may be silent, in milliseconds; it sends a heartbeat every 5 s. */
  silenceMs: number;
}

/** Listens to the heartbeat of every running session, and says what is wrong when it stops. */
export class Health {
  private readonly watched = new Map<string, AbortController>();
  /** Told of already; forgotten with the next sign of life. */
  private readonly unhealthy = new Set<string>();

  constructor(private readonly parts: HealthParts) {}

  /** Watches what runs now and nothing else; to be called when sessions come and go. */
  follow(): void {
    const { directory } = this.parts;
    const running = new Set(directory.ids());
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
    const { runner, log, silenceMs } = this.parts;
    const silent = new AbortController();
    let timer = setTimeout(() => silent.abort(), silenceMs);
    try {
      for await (const _ of runner.events(id, AbortSignal.any([signal, silent.signal]))) {
        this.unhealthy.delete(id);
        clearTimeout(timer);
        timer = setTimeout(() => silent.abort(), silenceMs);
      }
    } catch (error) {
      log.debug("a runner went silent", { session: id, error });
    } finally {
      clearTimeout(timer);
    }
    if (signal.aborted) return;
    try {
      await this.diagnose(id);
    } catch (error) {
      log.warn("a session could not be diagnosed", { session: id, error });
    }
  }

  /** Names what is wrong; what has ended is the reconciler's, which the engine tells. */
  private async diagnose(id: string): Promise<void> {
    const { directory, driver, events, lifecycle } = this.parts;
    const live = directory.peek(id);
    if (!live || lifecycle.busy(id) || this.unhealthy.has(id)) return;
    const state = await driver.inspect(live.ref, AbortSignal.timeout(diagnoseMs));
    if (!state?.running) return;
    const { row } = live;
    const why = state.paused ? "the engine has paused it" : await this.strain(live);
    this.unhealthy.add(id);
    const message = `its runner does not answer: ${why}`;
    await events.publish({ type: "unhealthy", session: { id, name: row.name }, message });
    if (row.restart) await this.bringBack(row, message);
  }

  private async strain({ ref, row }: Live): Promise<string> {
    const stats = await this.parts.driver.stats(ref, AbortSignal.timeout(diagnoseMs));
    if (stats.memoryBytes > row.memoryBytes * 0.95) return "its memory is used up";
    if (stats.pids >= row.pids) return "it has as many processes as it may";
    if (stats.cpuPercent > row.cpus * 95) return "its CPUs are busy";
    return "its processes run, but the runner is stuck or was ended";
  }

  private async bringBack(row: SessionRow, why: string): Promise<void> {
    const { lifecycle, directory, events } = this.parts;
    await lifecycle.exclusively(row.id, async () => {
      if (!directory.peek(row.id)) return;
      const ended = await lifecycle.end(row, { type: "exited", reason: why });
      const ready = await lifecycle.again(ended, AbortSignal.timeout(restartMs));
      await events.publish({
        type: "restarted",
        session: { id: row.id, name: ready.name },
        message: `brought back after: ${why}`,
      });
    });
  }
}

const diagnoseMs = 10_000;
const restartMs = 120_000;
