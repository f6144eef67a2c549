import { and, asc, eq } from "drizzle-orm";
import type { Profile } from "../../src/contract/chrome-profile.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import type { Database } from "../store/database.ts";
import { browserProfiles } from "../store/schema.ts";
import { open, type Sealed, seal } from "../vault/aes-gcm.ts";

/** The profiles of one daemon's browsers in the store, encrypted. */
export class ProfileRecords {
  constructor(
    private readonly parts: {
      db: Database;
      /** Only this daemon's are seen or changed. */
      instance: string;
      /** 32 bytes. */
      key: Uint8Array;
    },
  ) {}

  /** By name. */
  async list(): Promise<Profile[]> {
    const { name, session, sizeBytes, savedAt, instance } = browserProfiles;
    const rows = await this.parts.db
      .select({ name, session, sizeBytes, savedAt })
      .from(browserProfiles)
      .where(eq(instance, this.parts.instance))
      .orderBy(asc(name));
    return rows.map((row) => ({ ...row, savedAt: row.savedAt.toISOString() }));
  }

  /** Keeps a text, in the place of the one of that name. */
  async put(name: string, session: string, text: string): Promise<Profile> {
    const { db, instance, key } = this.parts;
    const sealed = seal(key, text, this.boundTo(name));
    const rest = { session, ...sealed, sizeBytes: sealed.ciphertext.length, savedAt: new Date() };
    await db
      .insert(browserProfiles)
      .values({ instance, name, ...rest })
      .onConflictDoUpdate({
        target: [browserProfiles.instance, browserProfiles.name],
        set: rest,
      });
    return { name, session, sizeBytes: rest.sizeBytes, savedAt: rest.savedAt.toISOString() };
  }

  /** A profile with its text. Throws `not_found`, and `store_failed` for one that cannot be opened. */
  async get(name: string): Promise<{ profile: Profile; text: string }> {
    const [row] = await this.parts.db.select().from(browserProfiles).where(this.named(name));
    if (!row) throw unknown(name);
    const { session, sizeBytes, savedAt } = row;
    const profile = { name, session, sizeBytes, savedAt: savedAt.toISOString() };
    return { profile, text: this.reveal(name, row) };
  }

  /** Throws `not_found`. */
  async remove(name: string): Promise<void> {
    const removed = await this.parts.db
      .delete(browserProfiles)
      .where(this.named(name))
      .returning({ name: browserProfiles.name });
    if (removed.length === 0) throw unknown(name);
  }

  private reveal(name: string, sealed: Sealed): string {
    try {
      return open(this.parts.key, sealed, this.boundTo(name));
    } catch (cause) {
      throw new NexoraError("store_failed", `the profile ${name} cannot be decrypted`, {
        hint: "it was sealed with another secret.key, or changed: save it again",
        cause,
      });
    }
  }

  private named(name: string) {
    return and(eq(browserProfiles.instance, this.parts.instance), eq(browserProfiles.name, name));
  }

  /** What a sealed profile is bound to, so that it opens in no other row. */
  private boundTo(name: string): string {
    return `browser-profile:${this.parts.instance}:${name}`;
  }
}

function unknown(name: string): NexoraError {
  return new NexoraError("not_found", `there is no profile ${name}`, {
    hint: "see `nexora chrome profile ls`",
  });
}
