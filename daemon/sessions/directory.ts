import { NexoraError } from "../../src/contract/errors.ts";
import type { Session } from "../../src/contract/session.ts";
import type { Driver, WorkstationRef } from "../drivers/driver.ts";
import type { RunnerAddress } from "../runner/client.ts";
import type { SessionRepository, SessionRow } from "../store/sessions.ts";
import type { Activity } from "./activity.ts";
import { expiryOf } from "./expiry-time.ts";
import { sessionOf } from "./wire.ts";

/** A running session and how to speak to it. */
export interface Live {
  row: SessionRow;
  ref: WorkstationRef;
  runner: RunnerAddress;
  rfb: { hostname: string; port: number; password: string };
}

/**
 * Finds sessions and how to reach them. What runs is kept in memory, so that the hot path asks
 * neither the store nor the engine; lifecycle changes go through `admit` and `dismiss`.
 */
export class Directory {
  private readonly live = new Map<string, Live>();

  constructor(
    private readonly rows: SessionRepository,
    private readonly driver: Pick<Driver, "dial">,
    private readonly activity: Activity,
  ) {}

  /** A running session by name, id or `@`, which counts as used. Throws what is wrong with it otherwise. */
  async running(reference: string): Promise<Live> {
    const live = await this.find(reference);
    this.activity.touch(live.row.id);
    return live;
  }

  private async find(reference: string): Promise<Live> {
    for (const live of this.live.values()) {
      if (live.row.id === reference || live.row.name === reference) return live;
    }
    const row = reference === "@" ? await this.only() : await this.row(reference);
    const live = this.live.get(row.id);
    if (live) return live;
    throw new NexoraError(
      "session_stopped",
      `session ${row.name} is ${row.state}${row.reason ? `: ${row.reason}` : ""}`,
      {
        hint:
          row.state === "creating"
            ? "it is not ready yet"
            : `start it with \`nexora session start ${row.name}\``,
      },
    );
  }

  /** Any session by name, id or `@`. Throws `session_not_found`, naming the nearest step. */
  async row(reference: string): Promise<SessionRow> {
    if (reference === "@") return this.only();
    const row = await this.rows.byRef(reference);
    if (row) return row;
    throw new NexoraError("session_not_found", `there is no session ${JSON.stringify(reference)}`, {
      hint: "see `nexora session ls`",
    });
  }

  /** How to reach a running session's parts, by id. */
  async reach(id: string): Promise<Live> {
    return this.live.get(id) ?? this.find(id);
  }

  /** Makes a session reachable. */
  async admit(row: SessionRow, ref: WorkstationRef, signal?: AbortSignal): Promise<void> {
    const secrets = await this.rows.secrets(row.id);
    if (!secrets)
      throw new NexoraError("store_failed", `the secrets of session ${row.name} are gone`, {
        hint: `remove it with \`nexora session rm ${row.name}\``,
      });
    const [runner, rfb] = await Promise.all([
      this.driver.dial(ref, "runner", signal),
      this.driver.dial(ref, "rfb", signal),
    ]);
    this.live.set(row.id, {
      row,
      ref,
      runner: { ...runner, token: secrets.runnerToken },
      rfb: { ...rfb, password: secrets.vncPassword },
    });
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

  private async only(): Promise<SessionRow> {
    const [first, ...others] = [...this.live.values()].map(({ row }) => row);
    if (first && others.length === 0) return first;
    if (!first) {
      const [stopped] = await this.rows.list({ states: ["stopped", "failed"] });
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
        hint: "choose one with -s NAME, NEXORA_SESSION or `nexora session use NAME`",
        details: { candidates: names },
      },
    );
  }
}

/** A ref for what the directory does not know: a session that does not run. */
export function refOf(row: SessionRow): WorkstationRef {
  return { session: row.id, handle: row.handle ?? "", ports: { vnc: 0, cdp: 0 } };
}
