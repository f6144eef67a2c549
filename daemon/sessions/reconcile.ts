import type { Driver, WorkstationState } from "../drivers/driver.ts";
import type { EventSink } from "../events/events.ts";
import type { Logger } from "../log.ts";
import type { Ports } from "../ports/ports.ts";
import type { SessionRepository, SessionRow } from "../store/sessions.ts";
import type { Activity } from "./activity.ts";
import { type Directory, refOf } from "./directory.ts";
import type { Lifecycle } from "./lifecycle.ts";

export interface ReconcilerParts {
  rows: SessionRepository;
  ports: Ports;
  driver: Driver;
  directory: Directory;
  lifecycle: Lifecycle;
  activity: Activity;
  events: EventSink;
  log: Logger;
}

/**
 * Compares the store with what the engine really has, and repairs both ways. Runs at start, now
 * and then, and when the engine tells of an end. What somebody is working on is left to them.
 */
export class Reconciler {
  constructor(private readonly parts: ReconcilerParts) {}

  /** One pass. Throws `engine_unreachable` when the engine is down: nothing is changed then. */
  async run(signal: AbortSignal): Promise<void> {
    const { rows, driver, lifecycle, log } = this.parts;
    // The engine before the store: a row comes before its container, so that what the engine has
    // without a row is really nobody's.
    const [states, owned] = await Promise.all([driver.list(signal), driver.owned(signal)]);
    const known = await rows.list();
    const byId = new Map(states.map((state) => [state.session, state]));
    const repairs = known
      .filter(({ id }) => !lifecycle.busy(id))
      .map((row) => this.repair(row.id, byId.get(row.id), signal));
    const ids = new Set(known.map(({ id }) => id));
    const orphans = owned.filter((id) => !ids.has(id)).map((id) => this.removeOrphan(id));
    for (const result of await Promise.allSettled([...repairs, ...orphans])) {
      if (result.status === "rejected") log.error("a repair failed", { error: result.reason });
    }
  }

  private async repair(
    id: string,
    listed: WorkstationState | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const { rows, driver, directory, lifecycle } = this.parts;
    await lifecycle.exclusively(id, async () => {
      const row = await rows.byRef(id);
      if (!row) return;
      const state = listed ? await driver.inspect(listed.ref, signal) : null;
      switch (row.state) {
        case "removing":
          return lifecycle.erase(row, "reaped", "its removal was interrupted, and is now done");
        case "creating":
          return this.undoCreation(row);
        case "stopping":
          await lifecycle.end(row, { type: "stopped", reason: row.reason ?? "stopped" });
          return;
        case "running":
          if (!state?.running) return this.ended(row, state, signal);
          if (!directory.peek(id)) return this.adopt(row, state, signal);
          return;
        default:
          if (state?.running) await driver.stop(state.ref, { graceMs: 0 });
          await this.parts.ports.release(id);
      }
    });
  }

  /** A daemon died while the session was brought up. One that had lived before keeps its home. */
  private async undoCreation(row: SessionRow): Promise<void> {
    const { rows, ports, driver, lifecycle } = this.parts;
    if (row.startedAt === null) {
      return lifecycle.erase(row, "reaped", "its creation was interrupted");
    }
    await driver.remove(refOf(row), { home: false });
    await ports.release(row.id);
    const reason = "its start was interrupted";
    await rows.update(row.id, { state: "stopped", reason, handle: null, endedAt: new Date() });
    await this.tell(row, "stopped", reason);
  }

  private async adopt(
    row: SessionRow,
    state: WorkstationState,
    signal: AbortSignal,
  ): Promise<void> {
    const { rows, directory, activity } = this.parts;
    const handle = state.ref.handle;
    const current = row.handle === handle ? row : await rows.update(row.id, { handle });
    await directory.admit(current, state.ref, signal);
    activity.touch(row.id, row.lastUsedAt?.getTime());
    await this.tell(row, "adopted", "found running, with its ports, terminal and secrets");
  }

  /** It died without being asked to: its ports are freed, its log is kept, and it may come back. */
  private async ended(
    row: SessionRow,
    state: WorkstationState | null,
    signal: AbortSignal,
  ): Promise<void> {
    const { lifecycle, log } = this.parts;
    const reason = whyEnded(state);
    await lifecycle.end(row, { type: "exited", reason });
    if (!row.restart) return;
    try {
      const ready = await lifecycle.again(row, signal);
      await this.tell(ready, "restarted", `brought back after: ${reason}`);
    } catch (error) {
      log.error("a session could not be brought back", { session: row.id, error });
    }
  }

  private async removeOrphan(session: string): Promise<void> {
    const { driver, log } = this.parts;
    await driver.remove({ session, handle: "", ports: { vnc: 0, cdp: 0 } }, { home: true });
    log.warn("orphan removed", { session });
    await this.parts.events.publish({
      type: "reaped",
      session: { id: session, name: session },
      message: "the engine had it, but the store did not know it",
    });
  }

  private tell(
    row: SessionRow,
    type: Parameters<EventSink["publish"]>[0]["type"],
    message: string,
  ) {
    return this.parts.events.publish({ type, session: { id: row.id, name: row.name }, message });
  }
}

/** Exit codes above this are 128 + the number of a signal (bash(1), EXIT STATUS). */
const signalBase = 128;

/** Why a workstation is not running, for people. */
function whyEnded(state: WorkstationState | null): string {
  if (!state) return "its workstation is gone from the engine";
  if (state.oomKilled) return "it ran out of memory and was killed (raise --memory)";
  const code = state.exitCode;
  if (code === signalBase + 9)
    return "its workstation was killed (SIGKILL), from outside or by the engine's restart";
  if (code === signalBase + 15 || code === 0)
    return "its workstation was told to end from outside, or by the engine's restart";
  return `its workstation ended with exit code ${code}`;
}
