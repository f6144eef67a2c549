import { within, withinTime } from "../../src/abort.ts";
import type { Config } from "../../src/contract/config.ts";
import { asNexoraError, NexoraError } from "../../src/contract/errors.ts";
import { chooseImage, planWorkspace } from "../drivers/capabilities.ts";
import type { Driver } from "../drivers/driver.ts";
import type { EventSink, Happening } from "../events/events.ts";
import type { Faults } from "../faults.ts";
import { KeyedQueue } from "../keyed-queue.ts";
import type { SessionRepository, SessionRow } from "../store/sessions.ts";
import type { Activity } from "./activity.ts";
import { Admission } from "./admission.ts";
import type { BringUp } from "./bring-up.ts";
import { type Directory, refOf } from "./directory.ts";
import { type Ending, endedByItself, notStartedPrefix, requestedReason } from "./ending.ts";
import { logTailOf } from "./logs.ts";
import { newSessionId } from "./names.ts";
import { requireOwnEngine } from "./own-engine.ts";
import { type NewSessionInput, noticesOf, settings } from "./settings.ts";

export interface LifecycleParts {
  rows: SessionRepository;
  driver: Driver;
  directory: Directory;
  bringUp: BringUp;
  activity: Activity;
  events: EventSink;
  config: Config;
  faults: Faults;
  /** How long the engine may take for one step, in milliseconds. @default 30000 */
  stepMs?: number;
  /** Called when a session stops being reachable, so that its connections end. */
  onGone: (id: string) => void;
}

/** Grace that a workstation gets to end by itself, in milliseconds. */
const stopGraceMs = 3000;
/** How long the engine may take for one step, in milliseconds. */
const stepMs = 30_000;

/**
 * Creates, stops, starts and removes sessions. The row comes first and goes last, and says what is
 * under way, so that after a crash between any two steps `Reconciler` can finish or undo it.
 */
export class Lifecycle {
  private readonly mutex = new KeyedQueue();
  private readonly admission: Admission;
  /** Ends what is coming up, by session. */
  private readonly comingUp = new Map<string, AbortController>();
  private readonly closing = new AbortController();

  constructor(private readonly parts: LifecycleParts) {
    this.admission = new Admission(parts.rows, parts.config.sessions.max);
  }

  /**
   * Runs an action on the session as it is then, while nothing else happens to it. Throws
   * `session_not_found` when it has gone meanwhile.
   */
  exclusively<T>(id: string, action: (row: SessionRow) => Promise<T> | T): Promise<T> {
    return this.mutex.run(id, async () => action(await this.parts.directory.byId(id)));
  }

  /** Whether something is being done to the session now. */
  busy(id: string): boolean {
    return this.mutex.busy(id);
  }

  /** Opens a session and waits for READY. When it throws, nothing of the session is left. */
  async create(input: NewSessionInput, caller: AbortSignal): Promise<SessionRow> {
    const { rows, driver, faults, config } = this.parts;
    const started = performance.now();
    const [plan, image] = await Promise.all([
      planWorkspace(driver, input.workspace ?? null),
      chooseImage(driver, input.image, caller),
    ]);
    const id = newSessionId();
    const wanted = {
      ...settings(input, config),
      ...plan,
      id,
      state: "creating" as const,
      image: image.reference,
      notices: noticesOf(input, image.current),
    };
    await driver.checkRuntime(wanted.runtime, caller);
    return this.mutex.run(id, () =>
      this.interruptible(id, caller, async (signal) => {
        const row = await this.admission.insert(wanted, input.name);
        faults("new:row");
        try {
          void this.tell(row, "created", `created on ${row.workspace ?? "an empty workspace"}`);
          const ready = await this.comeUp(row, started, signal);
          await this.tell(ready, "ready", `ready after ${Math.round(ready.readyMs ?? 0)} ms`);
          return ready;
        } catch (error) {
          const known = asNexoraError(error);
          await rows.remove(row.id);
          await this.tell(row, "removed", `it did not come up: ${known.message}`);
          throw known;
        }
      }),
    );
  }

  /** Stops a running session; its home, its log and its row stay. */
  stop({ id }: SessionRow): Promise<SessionRow> {
    const { directory } = this.parts;
    return this.exclusively(id, (row) => {
      if (!directory.peek(id)) {
        if (row.state === "running") throw directory.unreachable(row);
        throw new NexoraError("session_stopped", `session ${row.name} is not running`, {
          hint: `see \`nexora session show ${row.name}\``,
        });
      }
      return this.end(row, { type: "stopped", reason: requestedReason });
    });
  }

  /** Starts a stopped session on the same home and workspace, with ports anew. */
  start({ id }: SessionRow, signal: AbortSignal): Promise<SessionRow> {
    const { directory } = this.parts;
    return this.exclusively(id, async (row) => {
      if (directory.peek(id)) {
        throw new NexoraError("session_running", `session ${row.name} is already running`, {
          hint: `use it, or stop it with \`nexora session stop ${row.name}\``,
        });
      }
      // What lives is found again, not replaced.
      if (row.state === "running") throw directory.unreachable(row);
      const ready = await this.again(row, signal);
      await this.tell(ready, "ready", `ready again after ${Math.round(ready.readyMs ?? 0)} ms`);
      return ready;
    });
  }

  /** Ends a session for good: workstation, home and row. One that comes up is cut short. */
  remove({ id, name }: SessionRow): Promise<void> {
    this.comingUp.get(id)?.abort(new NexoraError("interrupted", `session ${name} was removed`));
    return this.mutex.run(id, async () => {
      const row = await this.parts.rows.byRef(id);
      if (row) await this.erase(row, "removed", "removed by request").catch(goesLater);
    });
  }

  /** Removes what ended by itself, unless somebody has started it meanwhile. */
  reap({ id }: SessionRow): Promise<void> {
    return this.exclusively(id, async (row) => {
      if (endedByItself(row)) await this.erase(row, "reaped", "its retention is over");
    });
  }

  /** The steps of `stop`; the caller has the session exclusively. */
  async end(row: SessionRow, ending: Ending): Promise<SessionRow> {
    const { rows, driver, directory, activity, faults, onGone } = this.parts;
    const ref = directory.peek(row.id)?.ref ?? refOf(row);
    const { reason } = ending;
    const died = ending.type === "exited" ? new Date() : null;
    await rows.update(row.id, { state: "stopping", reason, endedAt: died });
    faults("stop:marked");
    directory.dismiss(row.id);
    onGone(row.id);
    await this.step("stop the workstation", (signal) =>
      driver.stop(ref, { graceMs: stopGraceMs }, signal),
    );
    const logTail = await logTailOf(driver, refOf(row));
    activity.forget(row.id);
    const state = died ? "failed" : "stopped";
    const endedAt = died ?? new Date();
    const ended = await rows.update(row.id, { state, reason, logTail, endedAt });
    await this.tell(ended, ending.type, reason);
    return ended;
  }

  /**
   * The steps of `start`; the caller has the session exclusively. When it fails, what a person has
   * asked for is `stopped`, what was to be `revived` is `failed`. Throws `conflict` while as many
   * sessions are open as may be.
   */
  again(row: SessionRow, caller: AbortSignal, revived = false): Promise<SessionRow> {
    const { rows, driver, faults } = this.parts;
    const started = performance.now();
    return this.interruptible(row.id, caller, async (signal) => {
      await requireOwnEngine(driver, row, signal);
      // By its reason the reconciler tells an interrupted revival from a start.
      await this.admission.reopen(row.id, revived ? (row.reason ?? "") : null);
      faults("start:marked");
      try {
        await planWorkspace(driver, row.workspace);
        // The ended workstation was kept for its log; the new one takes its place.
        await this.step("remove the workstation", (signal) =>
          driver.remove(refOf(row), { home: false }, signal),
        );
        faults("start:removed");
        return await this.comeUp(row, started, signal);
      } catch (error) {
        const known = asNexoraError(error);
        const reason = notStartedPrefix + known.message;
        // A daemon that ends leaves it to the next one, as if it had died here.
        if (this.closing.signal.aborted) throw known;
        const state = revived ? "failed" : "stopped";
        await rows.update(row.id, { state, reason, endedAt: new Date() });
        throw known;
      }
    });
  }

  /** The steps of `remove`; the caller has the session exclusively. */
  async erase(row: SessionRow, told: Happening["type"], why: string): Promise<void> {
    const { rows, driver, directory, activity, faults, onGone } = this.parts;
    const ref = directory.peek(row.id)?.ref ?? refOf(row);
    await rows.update(row.id, { state: "removing" });
    faults("rm:marked");
    directory.dismiss(row.id);
    onGone(row.id);
    await this.step("remove the workstation", (signal) =>
      driver.remove(ref, { home: true }, signal),
    );
    activity.forget(row.id);
    await rows.remove(row.id);
    await this.tell(row, told, why);
  }

  /** Cuts short what comes up, and waits for what is under way, at most so many milliseconds. */
  async close(withinMs = 10_000): Promise<void> {
    const reason = new NexoraError("interrupted", "the daemon is stopping");
    this.closing.abort(reason);
    await withinTime(this.mutex.idle(), withinMs);
  }

  /**
   * One step of the engine's; `what` completes "the engine did not …". It ends in time, whatever
   * becomes of it there: the session is locked so long. Throws `timeout`.
   */
  async step<T>(what: string, action: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const ms = this.parts.stepMs ?? stepMs;
    const signal = AbortSignal.timeout(ms);
    try {
      return await within(action(signal), signal);
    } catch (cause) {
      if (!signal.aborted) throw cause;
      throw new NexoraError("timeout", `the engine did not ${what} within ${ms / 1000} s`, {
        hint: "see `nexora doctor` and the engine's own log",
        cause,
      });
    }
  }

  private async interruptible<T>(
    id: string,
    caller: AbortSignal,
    action: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const ended = new AbortController();
    this.comingUp.set(id, ended);
    try {
      return await action(AbortSignal.any([caller, ended.signal, this.closing.signal]));
    } finally {
      this.comingUp.delete(id);
    }
  }

  private async comeUp(row: SessionRow, started: number, signal: AbortSignal): Promise<SessionRow> {
    try {
      return await this.parts.bringUp.run(row, started, signal);
    } catch (error) {
      const known = asNexoraError(error);
      if (known.code === "ports_exhausted") await this.tell(row, known.code, known.message);
      throw known;
    }
  }

  private tell(row: SessionRow, type: Happening["type"], message: string): Promise<void> {
    return this.parts.events.publish({ type, session: { id: row.id, name: row.name }, message });
  }
}

/** The row stays, and with it the reconciler's word that the rest goes too. */
function goesLater(error: unknown): never {
  const { code, message, details } = asNexoraError(error);
  throw new NexoraError(code, `the session is not removed yet: ${message}`, {
    hint: "the rest goes as soon as the engine lets it; see `nexora doctor`",
    details,
    cause: error,
  });
}
