import { asNexoraError, NexoraError } from "../../src/contract/errors.ts";
import type { Config } from "../config.ts";
import type { Driver } from "../drivers/driver.ts";
import type { EventSink, Happening } from "../events/events.ts";
import type { Faults } from "../faults.ts";
import type { Ports } from "../ports/ports.ts";
import type { SessionRepository, SessionRow } from "../store/sessions.ts";
import type { Activity } from "./activity.ts";
import type { BringUp } from "./bring-up.ts";
import { type Directory, refOf } from "./directory.ts";
import { KeyedMutex } from "./keyed-mutex.ts";
import { nameFor, newSessionId } from "./names.ts";
import { type NewSessionInput, noticesOf, settings } from "./settings.ts";

/** Decides whom a workstation runs as, and checks its workspace. */
interface WorkspacePlanner {
  /** Throws `workspace_not_found` when there is no such folder. */
  plan(workspace: string | null): Promise<{ workspace: string | null; uid: number; gid: number }>;
}

export interface LifecycleParts {
  rows: SessionRepository;
  ports: Ports;
  driver: Driver;
  directory: Directory;
  bringUp: BringUp;
  workspaces: WorkspacePlanner;
  activity: Activity;
  events: EventSink;
  config: Config;
  faults: Faults;
  /** Called when a session stops being reachable, so that its connections end. */
  onGone: (id: string) => void;
}

/** Grace that a workstation gets to end by itself, in milliseconds. */
const stopGraceMs = 3000;
/** Lines of its log that an ended session keeps. */
const tailLines = 100;

/** Why a session ends: the event that tells of it, and the words for people. */
export interface Ending {
  type: "stopped" | "exited" | "expired";
  reason: string;
}

/**
 * Creates, stops, starts and removes sessions. The row comes first and goes last, and says what is
 * under way, so that after a crash between any two steps `Reconciler` can finish or undo it.
 */
export class Lifecycle {
  private readonly mutex = new KeyedMutex();

  constructor(private readonly parts: LifecycleParts) {}

  /** Runs an action while nothing else happens to the session. */
  exclusively<T>(id: string, action: () => Promise<T> | T): Promise<T> {
    return this.mutex.run(id, action);
  }

  /** Whether something is being done to the session now. */
  busy(id: string): boolean {
    return this.mutex.busy(id);
  }

  /** Opens a session and waits for READY. When it throws, nothing of the session is left. */
  async create(input: NewSessionInput, signal: AbortSignal): Promise<SessionRow> {
    const { rows, driver, workspaces, bringUp, faults } = this.parts;
    const started = performance.now();
    await this.checkCap();
    const plan = await workspaces.plan(input.workspace ?? null);
    const image = await driver.resolveImage(input.image, signal);
    const id = newSessionId();
    return this.exclusively(id, async () => {
      const row = await rows.insert({
        ...settings(input, this.parts.config),
        ...plan,
        id,
        name: input.name ?? (await this.freeName(plan.workspace)),
        state: "creating",
        image: image.reference,
        notices: noticesOf(input, image.current),
      });
      faults("new:row");
      try {
        await this.tell(row, "created", `created on ${row.workspace ?? "an empty workspace"}`);
        const ready = await bringUp.run(row, started, signal);
        await this.tell(ready, "ready", `ready after ${Math.round(ready.readyMs ?? 0)} ms`);
        return ready;
      } catch (error) {
        const known = asNexoraError(error);
        if (known.code === "ports_exhausted") {
          await this.tell(row, "ports_exhausted", known.message);
        }
        await rows.remove(row.id);
        await this.tell(row, "removed", `it did not come up: ${known.message}`);
        throw known;
      }
    });
  }

  /** Stops a running session; its home, its log and its row stay. */
  stop(row: SessionRow): Promise<SessionRow> {
    return this.exclusively(row.id, () => {
      if (!this.parts.directory.peek(row.id)) {
        throw new NexoraError("session_stopped", `session ${row.name} does not run`, {
          hint: `see \`nexora session show ${row.name}\``,
        });
      }
      return this.end(row, { type: "stopped", reason: "stopped by request" });
    });
  }

  /** Starts a stopped session on the same home and workspace, with ports anew. */
  start(row: SessionRow, signal: AbortSignal): Promise<SessionRow> {
    return this.exclusively(row.id, async () => {
      if (this.parts.directory.peek(row.id)) {
        throw new NexoraError("session_running", `session ${row.name} runs already`, {
          hint: `use it, or stop it with \`nexora session stop ${row.name}\``,
        });
      }
      const ready = await this.again(row, signal);
      await this.tell(ready, "ready", `ready again after ${Math.round(ready.readyMs ?? 0)} ms`);
      return ready;
    });
  }

  /** Ends a session for good: workstation, home, ports and row. Doing it twice is no error. */
  remove(
    row: SessionRow,
    told: Happening["type"] = "removed",
    why = "removed by request",
  ): Promise<void> {
    return this.exclusively(row.id, () => this.erase(row, told, why));
  }

  /** The steps of `stop`; the caller has the session exclusively. */
  async end(row: SessionRow, ending: Ending): Promise<SessionRow> {
    const { rows, ports, driver, directory, activity, faults, onGone } = this.parts;
    const ref = directory.peek(row.id)?.ref ?? refOf(row);
    const { reason } = ending;
    await rows.update(row.id, { state: "stopping", reason });
    faults("stop:marked");
    directory.dismiss(row.id);
    onGone(row.id);
    await driver.stop(ref, { graceMs: stopGraceMs });
    faults("stop:stopped");
    const logTail = await this.tail(row);
    await ports.release(row.id);
    faults("stop:ports");
    activity.forget(row.id);
    const state = ending.type === "exited" ? "failed" : "stopped";
    const ended = await rows.update(row.id, { state, reason, logTail, endedAt: new Date() });
    await this.tell(ended, ending.type, reason);
    return ended;
  }

  /** The steps of `start`; the caller has the session exclusively. */
  async again(row: SessionRow, signal: AbortSignal): Promise<SessionRow> {
    const { rows, driver, bringUp, workspaces, ports, faults } = this.parts;
    const started = performance.now();
    await workspaces.plan(row.workspace);
    await rows.update(row.id, { state: "creating", reason: null });
    faults("start:marked");
    try {
      // The ended workstation was kept for its log; the new one takes its place.
      await driver.remove(refOf(row), { home: false });
      await ports.release(row.id);
      return await bringUp.run(row, started, signal);
    } catch (error) {
      const known = asNexoraError(error);
      const reason = `it did not start: ${known.message}`;
      await rows.update(row.id, { state: "failed", reason, handle: null, endedAt: new Date() });
      throw known;
    }
  }

  /** The steps of `remove`; the caller has the session exclusively. */
  async erase(row: SessionRow, told: Happening["type"], why: string): Promise<void> {
    const { rows, ports, driver, directory, activity, faults, onGone } = this.parts;
    const ref = directory.peek(row.id)?.ref ?? refOf(row);
    await rows.update(row.id, { state: "removing" });
    faults("rm:marked");
    directory.dismiss(row.id);
    onGone(row.id);
    await driver.remove(ref, { home: true });
    faults("rm:engine");
    await ports.release(row.id);
    faults("rm:ports");
    activity.forget(row.id);
    await rows.remove(row.id);
    await this.tell(row, told, why);
  }

  private async tail(row: SessionRow): Promise<string> {
    const lines: string[] = [];
    try {
      const options = { tail: tailLines, follow: false };
      for await (const line of this.parts.driver.logs(refOf(row), options)) lines.push(line);
    } catch (error) {
      lines.push(`(the log could not be read: ${asNexoraError(error).message})`);
    }
    return lines.join("\n");
  }

  private async checkCap(): Promise<void> {
    const { max } = this.parts.config.sessions;
    const open = await this.parts.rows.list({ states: ["creating", "running"] });
    if (max === 0 || open.length < max) return;
    throw new NexoraError("conflict", `${open.length} sessions are open, which is the limit`, {
      hint: "end one with `nexora session rm NAME`, or raise `sessions.max` in the configuration",
      details: { limit: max, open: open.map(({ name }) => name) },
    });
  }

  private async freeName(workspace: string | null): Promise<string> {
    const rows = await this.parts.rows.list();
    return nameFor(workspace, new Set(rows.map(({ name }) => name)));
  }

  private tell(row: SessionRow, type: Happening["type"], message: string): Promise<void> {
    return this.parts.events.publish({ type, session: { id: row.id, name: row.name }, message });
  }
}
