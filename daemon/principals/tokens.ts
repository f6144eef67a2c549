import { randomBytes } from "node:crypto";
import { and, asc, eq } from "drizzle-orm";
import { after } from "../../src/abort.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import type { Scope } from "../../src/contract/token.ts";
import type { Logger } from "../log.ts";
import { type Database, sqlState, uniqueViolation } from "../store/database.ts";
import { tokens } from "../store/schema.ts";
import type { Principal } from "./principal.ts";
import { hasHash, hashOf } from "./secret.ts";

export type TokenRow = typeof tokens.$inferSelect;

export interface NewToken {
  name: string;
  scope: Scope;
  /** Ids of the sessions that it may touch; null: all. */
  sessions: string[] | null;
  expiresAt: Date | null;
  /** Patterns of the models that it may use; null: all. */
  models: string[] | null;
  /** Requests and tokens per minute, USD per day and month; null: no limit. */
  rpm: number | null;
  tpm: number | null;
  budgetDayUsd: number | null;
  budgetMonthUsd: number | null;
}

/** `nxt_ID_SECRET`: the id finds the row, so that only one hash is compared. */
const form = /^nxt_([0-9a-f]{12})_([\w-]{43})$/;
/** How much newer a use must be than the one that is written down, in milliseconds. */
const rememberMs = 60_000;

/**
 * The named tokens of this daemon. Of a token's secret only the hash is kept. All of them are held
 * in memory, so that a request asks no database: nobody else changes this instance's rows.
 */
export class Tokens implements Disposable {
  private readonly rows = new Map<string, TokenRow>();
  /** What ends with each of them. */
  private readonly ends = new WeakMap<TokenRow, AbortController>();
  /** Cancels the timer of the one that expires next. */
  private cancel = () => {};

  private constructor(private readonly parts: { db: Database; instance: string; log: Logger }) {}

  static async open(parts: { db: Database; instance: string; log: Logger }): Promise<Tokens> {
    const opened = new Tokens(parts);
    const { db, instance } = parts;
    const rows = await db
      .select()
      .from(tokens)
      .where(eq(tokens.instance, instance))
      .orderBy(asc(tokens.createdAt));
    for (const row of rows) opened.rows.set(row.id, row);
    opened.endExpired();
    return opened;
  }

  /** Oldest first. */
  list(): TokenRow[] {
    return [...this.rows.values()];
  }

  /** Makes a token; its text is given here only. Throws `name_taken`. */
  async create(wanted: NewToken): Promise<{ row: TokenRow; token: string }> {
    const { db, instance } = this.parts;
    const id = randomBytes(6).toString("hex");
    const secret = randomBytes(32).toString("base64url");
    const values = { ...wanted, id, instance, hash: hashOf(secret) };
    try {
      const [row] = await db.insert(tokens).values(values).returning();
      if (!row) throw new NexoraError("store_failed", "the database returned no row for an insert");
      this.rows.set(id, row);
      this.endExpired();
      return { row, token: `nxt_${id}_${secret}` };
    } catch (error) {
      if (sqlState(error) !== uniqueViolation) throw error;
      throw new NexoraError("name_taken", `there is already a token named ${wanted.name}`, {
        hint: `choose another name, or remove it with \`nexora token rm ${wanted.name}\``,
        cause: error,
      });
    }
  }

  /** Removes a token by name or id. Throws `not_found`. */
  async remove(reference: string): Promise<TokenRow> {
    const row = this.list().find(({ id, name }) => id === reference || name === reference);
    if (!row) {
      throw new NexoraError("not_found", `there is no token ${JSON.stringify(reference)}`, {
        hint: "`nexora token ls` lists them",
      });
    }
    // Refused from here on, also while the database is slow.
    this.rows.delete(row.id);
    this.endOf(row).abort(
      new NexoraError("unauthorized", `the token ${row.name} was removed`, {
        hint: "create another with `nexora token new`",
      }),
    );
    const { db } = this.parts;
    await db.delete(tokens).where(eq(tokens.id, row.id));
    return row;
  }

  /** Who a bearer token is; null when it is none of ours. Throws `unauthorized` for one that has expired. */
  principal(text: string, now = new Date()): Principal | null {
    const row = this.find(text, now);
    if (!row) return null;
    const { name, scope, sessions, expiresAt } = row;
    const validity = { expiresAt, ended: this.endOf(row).signal };
    return { kind: "token", name, scope, sessions: sessions && new Set(sessions), validity };
  }

  /**
   * The row of a token by its text, always the same object; null when it is none of ours. Throws
   * `unauthorized` for one that has expired.
   */
  find(text: string, now = new Date()): TokenRow | null {
    const [, id, secret] = form.exec(text) ?? [];
    const row = id === undefined ? undefined : this.rows.get(id);
    if (!row || secret === undefined || !hasHash(secret, row.hash)) return null;
    if (row.expiresAt !== null && row.expiresAt <= now) throw expired(row);
    this.used(row, now);
    return row;
  }

  [Symbol.dispose](): void {
    this.cancel();
  }

  private endOf(row: TokenRow): AbortController {
    const known = this.ends.get(row) ?? new AbortController();
    this.ends.set(row, known);
    return known;
  }

  /** Ends what goes on with tokens that have expired, and will do so when the next one does. */
  private endExpired(): void {
    this.cancel();
    const now = Date.now();
    let next = Number.POSITIVE_INFINITY;
    for (const row of this.rows.values()) {
      const at = row.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY;
      if (at <= now) this.endOf(row).abort(expired(row));
      else next = Math.min(next, at);
    }
    if (next < Number.POSITIVE_INFINITY) this.cancel = after(next - now, () => this.endExpired());
  }

  /** Written down in the background, and not for every request. */
  private used(row: TokenRow, now: Date): void {
    if (now.getTime() - (row.lastUsedAt?.getTime() ?? 0) < rememberMs) return;
    row.lastUsedAt = now;
    const { db, log } = this.parts;
    db.update(tokens)
      .set({ lastUsedAt: now })
      .where(and(eq(tokens.id, row.id)))
      .catch((error: unknown) => log.warn("a token's last use was not kept", { error }));
  }
}

function expired({ name }: TokenRow): NexoraError {
  return new NexoraError("unauthorized", `the token ${name} has expired`, {
    hint: "create another with `nexora token new`",
  });
}
