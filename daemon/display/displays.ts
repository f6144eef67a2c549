import { deadline, within } from "../../src/abort.ts";
import { asNexoraError, NexoraError } from "../../src/contract/errors.ts";
import { RfbError } from "../../src/rfb/error.ts";
import { connect, type DisplayAddress } from "./connect.ts";
import type { Connection } from "./connection.ts";
import { Slots } from "./slots.ts";
import type { DisplayLease, Displays } from "./types.ts";

export interface DisplaysOptions {
  /** Where a session's display listens. Throws when there is no such, or it is stopped. */
  locate: (session: string, signal: AbortSignal) => Promise<DisplayAddress>;
  /** How long a connection outlives its last lease, in milliseconds. @default 30000 */
  idleMs?: number;
  /** How many connections without a lease are kept at most: each holds a framebuffer. @default 32 */
  maxIdle?: number;
  /** How long connecting may take, first frame included, in milliseconds. @default 10000 */
  connectMs?: number;
}

/** Leases of displays, with at most one connection for each session. */
export function createDisplays(options: DisplaysOptions): Displays {
  return new DisplayPool({ idleMs: 30_000, maxIdle: 32, connectMs: 10_000, ...options });
}

const connectsAtOnce = 4;

/** One session's connection, being made or alive. */
interface Entry {
  connection: Promise<Connection>;
  leases: number;
  idle: Timer | undefined;
  /** Aborted when the session's display is dropped. */
  ended: AbortController;
}

class DisplayPool implements Displays {
  private readonly entries = new Map<string, Entry>();
  /** Sessions whose connections nobody leases, the longest idle first. */
  private readonly resting = new Set<string>();
  private readonly slots = new Slots(connectsAtOnce);

  constructor(private readonly options: Required<DisplaysOptions>) {}

  async acquire(session: string, signal?: AbortSignal): Promise<DisplayLease> {
    const entry = this.entries.get(session) ?? this.open(session);
    clearTimeout(entry.idle);
    this.resting.delete(session);
    entry.leases++;
    let released = false;
    const release = () => {
      if (released) return;
      released = true;
      if (--entry.leases === 0) this.rest(session, entry);
    };
    try {
      const display = await within(entry.connection, signal);
      return { display, [Symbol.dispose]: release };
    } catch (error) {
      release();
      throw error;
    }
  }

  drop(session: string): void {
    this.entries
      .get(session)
      ?.ended.abort(new RfbError(`the display of session ${session} was released`));
  }

  close(): void {
    for (const session of this.entries.keys()) this.drop(session);
  }

  private open(session: string): Entry {
    const ended = new AbortController();
    const entry: Entry = {
      connection: this.connect(session, ended.signal),
      leases: 0,
      idle: undefined,
      ended,
    };
    this.entries.set(session, entry);
    const forget = () => {
      clearTimeout(entry.idle);
      if (this.entries.get(session) !== entry) return;
      this.entries.delete(session);
      this.resting.delete(session);
    };
    ended.signal.addEventListener("abort", forget, { once: true });
    entry.connection.then((connection) => {
      connection.onClose(forget);
      ended.signal.addEventListener("abort", () => connection.close(ended.signal.reason), {
        once: true,
      });
      if (connection.closed) forget();
      if (ended.signal.aborted) connection.close(ended.signal.reason);
    }, forget);
    return entry;
  }

  /** A first frame is much work at once: of many sessions, a few connect at a time. */
  private connect(session: string, ended: AbortSignal): Promise<Connection> {
    return this.slots.run(() => this.connectNow(session, ended), ended);
  }

  private async connectNow(session: string, ended: AbortSignal): Promise<Connection> {
    const signal = deadline(this.options.connectMs, ended);
    try {
      return await connect(await within(this.options.locate(session, signal), signal), signal);
    } catch (error) {
      const { code, message, hint } = asNexoraError(error);
      if (code !== "display_failed" && code !== "timeout") throw error;
      const why = code === "timeout" ? `no reply within ${this.options.connectMs} ms` : message;
      throw new NexoraError("display_failed", `the display of session ${session}: ${why}`, {
        hint: hint ?? `see \`nexora session logs ${session}\``,
        cause: error,
      });
    }
  }

  private rest(session: string, entry: Entry): void {
    if (this.entries.get(session) !== entry) return;
    entry.idle = setTimeout(() => this.drop(session), this.options.idleMs);
    entry.idle.unref();
    this.resting.add(session);
    const [longest] = this.resting;
    if (this.resting.size > this.options.maxIdle && longest !== undefined) this.drop(longest);
  }
}
