import type { UsageReport } from "../../../src/contract/usage.ts";
import type { Logger } from "../../log.ts";
import type { Database } from "../../store/database.ts";
import { isRefusal } from "../../store/failure.ts";
import { addTo, countsOf } from "./counts.ts";
import type { UsageEntry, UsageObserver } from "./entry.ts";
import { Names } from "./names.ts";
import { dayOf, hourOf } from "./periods.ts";
import { Spending } from "./spending.ts";
import { type UsageQuery, type UsageRow, UsageTable } from "./table.ts";

export interface UsageLogParts {
  db: Database;
  instance: string;
  log: Logger;
  /** Who else is told of each request. */
  observers: readonly UsageObserver[];
}

/** How long usage may wait to be written together, in milliseconds: the embedded database holds up requests. */
const lingerMs = 2000;
/** Rows at a time, for the same reason. */
const maxRows = 100;
/** The same when the database has failed. */
const retryMs = 5000;
/** A year, and a month to compare it with. */
const keptMs = 400 * 24 * 3600 * 1000;
/** Different models a caller's requests are told apart by, before they are `other`. */
const maxModels = 2000;

/**
 * Counts what callers use, by the hour, off the path of the request: a crash may lose the last two
 * seconds, a clean end nothing. What cannot be written is kept, and tried again.
 */
export class UsageLog implements AsyncDisposable {
  private readonly table: UsageTable;
  private readonly spending = new Spending();
  private readonly names = new Names(maxModels);
  private pending = new Map<string, UsageRow>();
  private timer: Timer | undefined;
  private written: Promise<void> = Promise.resolve();
  private failing = false;
  private pruned = 0;

  private constructor(private readonly parts: UsageLogParts) {
    this.table = new UsageTable(parts.db, parts.instance);
  }

  static async open(parts: UsageLogParts): Promise<UsageLog> {
    const opened = new UsageLog(parts);
    const now = new Date();
    for (const { caller, day, month } of await opened.table.spent(now)) {
      opened.spending.restore(caller, { day, month }, now);
    }
    return opened;
  }

  record(entry: UsageEntry, at = new Date()): void {
    const { caller, provider, costUsd } = entry;
    if (costUsd !== null) this.spending.add(caller.id, costUsd, at);
    this.keep({
      ...countsOf(entry),
      hour: hourOf(at),
      callerId: caller.id,
      callerKind: caller.kind,
      callerName: caller.name,
      provider,
      model: this.names.modelOf(provider, entry.model),
    });
    this.timer ??= setTimeout(() => void this.flush(), lingerMs);
    for (const observer of this.parts.observers) observer.record(entry);
  }

  /** USD that a caller has spent on this day and in this month (UTC). */
  spent(callerId: string): { day: number; month: number } {
    return this.spending.spent(callerId);
  }

  async report(query: UsageQuery): Promise<UsageReport> {
    await this.flush();
    return this.table.report(query);
  }

  /** Resolves once all that was recorded is written, or could not be. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.written = this.written.then(() => this.write());
    return this.written;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush();
    clearTimeout(this.timer);
    const lost = this.pending.size;
    if (lost > 0) this.parts.log.error("usage of models is lost", { rows: lost });
  }

  private keep(row: UsageRow): void {
    const key = [row.hour.getTime(), row.callerId, row.provider, row.model].join("\n");
    const sum = this.pending.get(key);
    if (!sum) {
      this.pending.set(key, row);
      return;
    }
    addTo(sum, row);
    sum.callerName = row.callerName;
  }

  private async write(): Promise<void> {
    const { log } = this.parts;
    const rows = [...this.pending.values()];
    this.pending = new Map();
    const pieces: UsageRow[][] = [];
    for (let at = 0; at < rows.length; at += maxRows) pieces.push(rows.slice(at, at + maxRows));
    try {
      for (let piece = pieces[0]; piece; piece = pieces[0]) {
        pieces.splice(0, 1, ...(await this.writePiece(piece)));
      }
      this.failing = false;
    } catch (error) {
      const left = pieces.flat();
      if (!this.failing) log.warn("usage of models is not kept yet", { rows: left.length, error });
      this.failing = true;
      for (const row of left) this.keep(row);
      this.timer ??= setTimeout(() => void this.flush(), retryMs);
      return;
    }
    await this.prune().catch((error) => log.warn("old usage of models was not removed", { error }));
  }

  /** What is left to write: nothing, or the halves of what holds a row that the store refuses. */
  private async writePiece(rows: UsageRow[]): Promise<UsageRow[][]> {
    try {
      await this.table.add(rows);
      return [];
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const half = rows.length >> 1;
      if (half > 0) return [rows.slice(0, half), rows.slice(half)];
      const [{ provider = "", model = "", requests = 0 } = {}] = rows;
      this.parts.log.error("usage of a model is lost: the store refuses it", {
        ...{ provider, model, requests, error },
      });
      return [];
    }
  }

  /** Once a day. */
  private async prune(): Promise<void> {
    const today = dayOf(new Date()).getTime();
    if (today === this.pruned) return;
    await this.table.prune(new Date(today - keptMs));
    this.pruned = today;
  }
}
