import type { Driver, WorkstationState } from "../drivers/driver.ts";
import type { EventSink, Happening } from "../events/events.ts";
import type { Logger } from "../log.ts";
import type { SessionRepository, SessionRow } from "../store/sessions.ts";
import type { Activity } from "./activity.ts";
import { type Directory, refOf } from "./directory.ts";
import { didNotComeUp, type Ending, endingOf, interruptedReason, whyEnded } from "./ending.ts";
import type { Lifecycle } from "./lifecycle.ts";
import { isElsewhere } from "./own-engine.ts";
import type { Revival } from "./revival.ts";

export interface ReconcilerParts {
  rows: SessionRepository;
  driver: Driver;
  directory: Directory;
  lifecycle: Lifecycle;
  revival: Revival;
  activity: Activity;
  events: EventSink;
  log: Logger;
}

/**
 * Compares the store with what the engine really has, and repairs both ways. A session is looked
 * at when nobody works on it, so that each sees only finished work of the others.
 */
export class Reconciler {
  /** Looks that wait for their turn. */
  private readonly waiting = new Map<string, Promise<void>>();

  constructor(private readonly parts: ReconcilerParts) {}

  /**
   * Looks at every session, and removes what is nobody's. Throws `engine_unreachable` when the
   * engine is down: nothing is changed then.
   */
  async run(signal: AbortSignal): Promise<void> {
    const { rows, driver, lifecycle } = this.parts;
    // The engine before the store: a row comes before its container, so that what the engine has
    // without a row is really nobody's.
    const owned = await driver.owned(signal);
    const known = (await rows.list()).map(({ id }) => id);
    // Whoever works on a session is not waited for; it is looked at when they are done.
    const looks = known.map((id) => [lifecycle.busy(id), this.look(id)] as const);
    await Promise.all(looks.map(([busy, look]) => (busy ? null : look)));
    const ids = new Set(known);
    const orphans = owned.filter((id) => !ids.has(id));
    if (orphans.length > 0) await this.removeOrphans(orphans, signal);
  }

  /** Looks at one session as soon as nobody works on it. Never throws. */
  look(id: string): Promise<void> {
    const { lifecycle, log } = this.parts;
    const waiting = this.waiting.get(id);
    if (waiting) return waiting;
    const done = lifecycle
      .exclusively(id, (row) => {
        // What happens from here on needs another look.
        this.waiting.delete(id);
        return this.repair(row);
      })
      .catch((error) => {
        this.waiting.delete(id);
        if (error?.code !== "session_not_found") {
          log.error("a repair failed", { session: id, error });
        }
      });
    this.waiting.set(id, done);
    return done;
  }

  private async repair(row: SessionRow): Promise<void> {
    const { driver, directory, lifecycle, revival } = this.parts;
    const away = await lifecycle.step("tell which one it is", (signal) =>
      isElsewhere(driver, row, signal),
    );
    if (away) return;
    if (row.state === "removing") {
      return lifecycle.erase(row, "reaped", "its removal was interrupted, and is now done");
    }
    if (row.state === "creating") return this.undoCreation(row);
    if (row.state === "stopping") return this.finish(row, endingOf(row));
    const state = await lifecycle.step("tell what runs", (signal) =>
      driver.inspect(refOf(row), signal),
    );
    if (row.state === "running") {
      if (!state?.running) return this.finish(row, { type: "exited", reason: whyEnded(state) });
      if (!directory.peek(row.id)) return this.adopt(row, state);
      return;
    }
    if (state?.running) {
      // What was taken for dead and lives is found again; what did not come up does not stay.
      const lives = row.state === "failed" && !didNotComeUp(row);
      if (lives) return this.adopt(row, state);
      await lifecycle.step("stop the workstation", (signal) =>
        driver.stop(state.ref, { graceMs: 0 }, signal),
      );
    }
    if (row.state === "failed") revival.revive(row);
  }

  /** Its ports are freed, its log is kept; one that died without being asked to may come back. */
  private async finish(row: SessionRow, ending: Ending): Promise<void> {
    const ended = await this.parts.lifecycle.end(row, ending);
    if (ending.type === "exited") this.parts.revival.revive(ended);
  }

  /** A daemon died while the session was brought up. One that had lived before keeps its home. */
  private async undoCreation(row: SessionRow): Promise<void> {
    const { rows, driver, lifecycle, revival } = this.parts;
    if (row.startedAt === null) {
      return lifecycle.erase(row, "reaped", "its creation was interrupted");
    }
    await lifecycle.step("remove the workstation", (signal) =>
      driver.remove(refOf(row), { home: false }, signal),
    );
    const reason = interruptedReason;
    // Only what nobody asked for has a reason (`Lifecycle.again`), and is brought back.
    const revived = row.reason !== null;
    const state = revived ? "failed" : "stopped";
    const undone = await rows.update(row.id, { state, reason, handle: null, endedAt: new Date() });
    await this.tell(row, revived ? "exited" : "stopped", reason);
    if (revived) revival.revive(undone);
  }

  private async adopt(row: SessionRow, state: WorkstationState): Promise<void> {
    const { rows, driver, directory, activity, lifecycle } = this.parts;
    const engine = await lifecycle.step("tell its id", (signal) => driver.identity(signal));
    const alive = { engine, state: "running", reason: null, endedAt: null, logTail: null } as const;
    // An older daemon has recorded no engine, or that the session were dead.
    const isSo = row.engine === engine && row.state === "running";
    const known = isSo ? row : await rows.update(row.id, alive);
    await lifecycle.step("give access to it", (signal) =>
      directory.admit(known, state.ref, { isNew: false, signal }),
    );
    activity.touch(row.id, row.lastUsedAt?.getTime());
    await this.tell(row, "adopted", "found running, with its ports, terminal and secrets");
  }

  private async removeOrphans(candidates: readonly string[], signal: AbortSignal): Promise<void> {
    const { driver, lifecycle, log } = this.parts;
    // A session that was removed between the two questions is gone by now.
    const still = new Set(await driver.owned(signal));
    const orphans = candidates.filter((id) => still.has(id));
    const removals = orphans.map(async (session) => {
      const ref = { session, handle: "" };
      await lifecycle.step("remove the workstation", (limited) =>
        driver.remove(ref, { home: true }, limited),
      );
      const message = "the engine had it, but the store did not know it";
      const told = { type: "reaped", session: { id: session, name: session }, message } as const;
      await this.parts.events.publish(told);
    });
    for (const result of await Promise.allSettled(removals)) {
      if (result.status === "rejected") {
        log.error("an orphan was not removed", { error: result.reason });
      }
    }
  }

  private tell(row: SessionRow, type: Happening["type"], message: string): Promise<void> {
    return this.parts.events.publish({ type, session: { id: row.id, name: row.name }, message });
  }
}
