import { NexoraError } from "../../src/contract/errors.ts";
import type { Session } from "../../src/contract/session.ts";
import type { DisplayAddress } from "../display/connect.ts";
import type { Driver, Endpoints, WorkstationRef } from "../drivers/driver.ts";
import { type Principal, sees } from "../principals/principal.ts";
import type { RunnerAddress } from "../runner/requests.ts";
import type { SessionRepository, SessionRow } from "../store/sessions.ts";
import type { Activity } from "./activity.ts";
import { expiryOf } from "./expiry-time.ts";
import { sessionOf } from "./wire.ts";

/** A running session and how to speak to it. */
export interface Live {
  row: SessionRow;
  ref: WorkstationRef;
  runner: RunnerAddress;
  rfb: DisplayAddress;
  endpoints: Endpoints;
  /** What is wrong with it, since its runner has gone silent. */
  unhealthy: string | null;
  /** How often its runner has died and was started again; null until it has told. */
  endings: number | null;
  /** What that has cost, when it has died. */
  recovered: string | null;
}

/**
 * Finds sessions and how to reach them. What runs is kept in memory, so that the hot path asks
 * neither the store nor the engine; lifecycle changes go through `admit` and `dismiss`.
 */
export class Directory {
  private readonly live = new Map<string, Live>();

  constructor(
    private readonly rows: SessionRepository,
    private readonly driver: Pick<Driver, "dial" | "endpoints">,
    private readonly activity: Activity,
    /** Called when a session has become reachable. */
    private readonly onReachable: (id: string) => void,
  ) {}

  /** A running session by name, id or `@`. Throws what is wrong with it otherwise. */
  async running(reference: string, principal: Principal): Promise<Live> {
    for (const live of this.live.values()) {
      const { id, name } = live.row;
      if ((id === reference || name === reference) && sees(principal, id)) return live;
    }
    return this.alive(await this.row(reference, principal));
  }

  private alive(row: SessionRow): Live {
    const live = this.live.get(row.id);
    if (live) return live;
    const { name, state, reason } = row;
    if (state === "running") throw this.unreachable(row);
    throw new NexoraError(
      "session_stopped",
      `session ${name} is ${state}${reason ? `: ${reason}` : ""}`,
      {
        hint:
          state === "creating"
            ? "it is not ready yet"
            : `start it with \`nexora session start ${name}\``,
      },
    );
  }

  /**
   * Any session by name, id or `@`. Throws `session_not_found`, also for one that the principal may
   * not see.
   */
  async row(reference: string, principal: Principal): Promise<SessionRow> {
    if (reference === "@") return this.only(principal);
    const row = await this.rows.byRef(reference);
    if (row && sees(principal, row.id)) return row;
    throw this.unknown(reference);
  }

  /** A session by id, for the daemon's own parts. */
  async byId(id: string): Promise<SessionRow> {
    const row = await this.rows.byRef(id);
    if (row) return row;
    throw this.unknown(id);
  }

  /** In use until it is disposed. */
  hold(id: string): Disposable {
    return this.activity.hold(id);
  }

  private unknown(reference: string): NexoraError {
    return new NexoraError(
      "session_not_found",
      `there is no session ${JSON.stringify(reference)}`,
      {
        hint: "see `nexora session ls`",
      },
    );
  }

  /** How to reach a running session's parts, by id. */
  async reach(id: string): Promise<Live> {
    return this.live.get(id) ?? this.alive(await this.byId(id));
  }

  /** For a session that runs as far as is known, and has not been found yet. */
  unreachable({ name }: SessionRow): NexoraError {
    return new NexoraError(
      "engine_unreachable",
      `session ${name} cannot be reached: the engine that runs it has not answered yet`,
      { hint: "see `nexora doctor`" },
    );
  }

  /** Makes a session reachable; `isNew`: it has just come up. */
  async admit(
    row: SessionRow,
    ref: WorkstationRef,
    { isNew, signal }: { isNew: boolean; signal: AbortSignal },
  ): Promise<void> {
    const secrets = await this.rows.secrets(row.id);
    if (!secrets)
      throw new NexoraError("store_failed", `the secrets of session ${row.name} are gone`, {
        hint: `remove it with \`nexora session rm ${row.name}\``,
      });
    const [runner, rfb, endpoints] = await Promise.all([
      this.driver.dial(ref, "runner", signal),
      this.driver.dial(ref, "rfb", signal),
      this.driver.endpoints(ref, signal),
    ]);
    this.live.set(row.id, {
      row,
      ref,
      endpoints,
      unhealthy: null,
      endings: isNew ? 0 : null,
      recovered: null,
      runner: { ...runner, token: secrets.runnerToken },
      rfb: {
        ...rfb,
        password: secrets.vncPassword,
        size: { width: row.width, height: row.height },
      },
    });
    this.onReachable(row.id);
  }

  /** Keeps the row of a reachable session current (a new name). */
  refresh(row: SessionRow): void {
    const live = this.live.get(row.id);
    if (live) live.row = row;
  }

  dismiss(id: string): void {
    this.live.delete(id);
  }

  /** How many sessions run. */
  get size(): number {
    return this.live.size;
  }

  /** Ids of the sessions that run. */
  ids(): string[] {
    return [...this.live.keys()];
  }

  /** What runs now. */
  all(): Live[] {
    return [...this.live.values()];
  }

  /** The wire form of a row. */
  show(row: SessionRow): Session {
    const live = this.live.get(row.id);
    const expiry = live ? expiryOf(row, this.activity.lastUsed(row.id)) : null;
    return sessionOf(row, live, expiry && new Date(expiry.at));
  }

  /** The session if it is reachable, by id. */
  peek(id: string): Live | undefined {
    return this.live.get(id);
  }

  private async only(principal: Principal): Promise<SessionRow> {
    const visible = ({ id }: SessionRow) => sees(principal, id);
    const [first, ...others] = this.all()
      .map(({ row }) => row)
      .filter(visible);
    if (first && others.length === 0) return first;
    if (!first) {
      const ended = await this.rows.list({ states: ["stopped", "failed"] });
      const stopped = ended.find(visible);
      throw new NexoraError("no_session", "no session is running", {
        hint: stopped
          ? `start one with \`nexora session start ${stopped.name}\`, or open one with \`nexora session new\``
          : "open one with `nexora session new`",
      });
    }
    const names = [first, ...others].map(({ name }) => name).sort();
    throw new NexoraError(
      "ambiguous_session",
      `several sessions are running: ${names.join(", ")}`,
      {
        hint: "name the one that is meant",
        details: { candidates: names },
      },
    );
  }
}

/** A ref for what the directory does not know: a session that does not run. */
export function refOf(row: SessionRow): WorkstationRef {
  return { session: row.id, handle: row.handle ?? "" };
}
