import { and, asc, eq, inArray, ne } from "drizzle-orm";
import { NexoraError } from "../../src/contract/errors.ts";
import type { SecretBox } from "../vault/secretbox.ts";
import { type Database, sqlState, uniqueViolation } from "./database.ts";
import { sessions, vncSessions } from "./schema.ts";

export type SessionRow = typeof sessions.$inferSelect;
/** A row to insert; columns with a default may be left out. */
export type NewSession = Omit<typeof sessions.$inferInsert, "instance">;
export type SessionPatch = Partial<Omit<SessionRow, "id" | "instance">>;
export type SessionState = SessionRow["state"];

export interface SessionSecrets {
  vncPassword: string;
  runnerToken: string;
}

export interface SessionRepositoryOptions {
  db: Database;
  /** Only this daemon's rows are seen or changed. */
  instance: string;
  secretBox: SecretBox;
}

/** The sessions of one daemon. */
export class SessionRepository {
  private readonly db: Database;
  private readonly instance: string;
  private readonly secretBox: SecretBox;

  constructor({ db, instance, secretBox }: SessionRepositoryOptions) {
    this.db = db;
    this.instance = instance;
    this.secretBox = secretBox;
  }

  /** Throws `name_taken` when another session has the name. */
  async insert(session: NewSession): Promise<SessionRow> {
    const [row] = await this.named(session.name, () =>
      this.db
        .insert(sessions)
        .values({ ...session, instance: this.instance })
        .returning(),
    );
    return row ?? unreachable("insert");
  }

  /** The session with this id, else the one with this name that is not being removed. */
  async byRef(nameOrId: string): Promise<SessionRow | null> {
    const [byId] = await this.db
      .select()
      .from(sessions)
      .where(and(eq(sessions.instance, this.instance), eq(sessions.id, nameOrId)));
    if (byId) return byId;
    const [byName] = await this.db
      .select()
      .from(sessions)
      .where(
        and(
          eq(sessions.instance, this.instance),
          eq(sessions.name, nameOrId),
          ne(sessions.state, "removing"),
        ),
      );
    return byName ?? null;
  }

  /** Oldest first. */
  async list(filter: { states?: readonly SessionState[] } = {}): Promise<SessionRow[]> {
    return this.db
      .select()
      .from(sessions)
      .where(
        and(
          eq(sessions.instance, this.instance),
          filter.states ? inArray(sessions.state, [...filter.states]) : undefined,
        ),
      )
      .orderBy(asc(sessions.createdAt), asc(sessions.id));
  }

  /** Throws `session_not_found`, or `name_taken` when the patch renames onto another. */
  async update(id: string, patch: SessionPatch): Promise<SessionRow> {
    const [row] = await this.named(patch.name ?? id, () =>
      this.db
        .update(sessions)
        .set(patch)
        .where(and(eq(sessions.instance, this.instance), eq(sessions.id, id)))
        .returning(),
    );
    if (!row) {
      throw new NexoraError("session_not_found", `there is no session ${id}`, {
        hint: "see `nexora session ls`",
      });
    }
    return row;
  }

  /** Forgets the session and its secrets, and frees its ports. Whether there was one. */
  async remove(id: string): Promise<boolean> {
    const removed = await this.db
      .delete(sessions)
      .where(and(eq(sessions.instance, this.instance), eq(sessions.id, id)))
      .returning({ id: sessions.id });
    return removed.length > 0;
  }

  /** Keeps the session's secrets, encrypted and bound to its id; replaces earlier ones. */
  async saveSecrets(id: string, secrets: SessionSecrets): Promise<void> {
    const sealed = {
      passwordSealed: this.secretBox.seal(secrets.vncPassword, `session:${id}:vnc`),
      tokenSealed: this.secretBox.seal(secrets.runnerToken, `session:${id}:runner`),
    };
    await this.db
      .insert(vncSessions)
      .values({ sessionId: id, ...sealed })
      .onConflictDoUpdate({ target: vncSessions.sessionId, set: sealed });
  }

  /** The session's secrets; null when none are kept. Throws `store_failed` when they do not open. */
  async secrets(id: string): Promise<SessionSecrets | null> {
    const [row] = await this.db.select().from(vncSessions).where(eq(vncSessions.sessionId, id));
    if (!row) return null;
    return {
      vncPassword: this.secretBox.open(row.passwordSealed, `session:${id}:vnc`),
      runnerToken: this.secretBox.open(row.tokenSealed, `session:${id}:runner`),
    };
  }

  private async named<T>(name: string, query: () => PromiseLike<T>): Promise<T> {
    try {
      return await query();
    } catch (error) {
      if (sqlState(error) !== uniqueViolation) throw error;
      throw new NexoraError("name_taken", `there is already a session named ${name}`, {
        hint: `choose another name, or end it with \`nexora session rm ${name}\``,
        cause: error,
      });
    }
  }
}

function unreachable(statement: string): never {
  throw new NexoraError("store_failed", `the database returned no row for an ${statement}`);
}
