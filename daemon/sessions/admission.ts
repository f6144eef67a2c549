import { NexoraError } from "../../src/contract/errors.ts";
import { KeyedQueue } from "../keyed-queue.ts";
import type { NewSession, SessionRepository, SessionRow } from "../store/sessions.ts";
import { nameFor } from "./names.ts";

/** Lets sessions in one after the other, so that neither the cap nor a free name is raced for. */
export class Admission {
  private readonly mutex = new KeyedQueue();

  /** `max`: sessions that may be open at once; 0: no limit. */
  constructor(
    private readonly rows: SessionRepository,
    private readonly max: number,
  ) {}

  /** Inserts a session, under a free name when it has none. Throws `conflict` or `name_taken`. */
  insert(session: Omit<NewSession, "name">, name: string | undefined): Promise<SessionRow> {
    return this.mutex.run("", async () => {
      await this.check();
      const free = name ?? (await this.freeName(session.workspace ?? null));
      return this.rows.insert({ ...session, name: free });
    });
  }

  /** Counts an ended session as open again. Throws `conflict` (see `isFull`). */
  reopen(id: string, reason: string | null): Promise<SessionRow> {
    return this.mutex.run("", async () => {
      await this.check();
      return this.rows.update(id, { state: "creating", reason });
    });
  }

  private async check(): Promise<void> {
    if (this.max === 0) return;
    const open = await this.rows.list({ states: ["creating", "running"] });
    if (open.length < this.max) return;
    const count = open.length === 1 ? "1 session is" : `${open.length} sessions are`;
    throw new NexoraError("conflict", `${count} open, which is the limit`, {
      hint: "end one with `nexora session rm NAME`, or raise `sessions.max` in the configuration",
      details: { limit: this.max, open: open.map(({ name }) => name) },
    });
  }

  private async freeName(workspace: string | null): Promise<string> {
    const rows = await this.rows.list();
    return nameFor(workspace, new Set(rows.map(({ name }) => name)));
  }
}

/** Whether an error says that as many sessions are open as may be. */
export function isFull(error: unknown): error is NexoraError {
  return (
    error instanceof NexoraError && error.code === "conflict" && error.details?.limit !== undefined
  );
}
