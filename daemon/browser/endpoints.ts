import { randomBytes } from "node:crypto";
import { hashOf } from "../principals/secret.ts";

/** URLs of a session that take connections at a time; the oldest goes when there are more. */
const maxGrants = 32;

interface Grant {
  session: string;
  expiresAt: Date;
}

/** Secrets that open a session's browser for a while; only their hashes are kept, in memory. */
export class Endpoints {
  /** By hash, the oldest first. */
  private readonly grants = new Map<string, Grant>();

  constructor(private readonly now: () => number = Date.now) {}

  /** A secret for the path of a URL. */
  grant(session: string, forMs: number): { secret: string; expiresAt: Date } {
    this.forgetExpired();
    const own = [...this.grants].filter(([, grant]) => grant.session === session);
    for (const [hash] of own.slice(0, Math.max(0, own.length - maxGrants + 1))) {
      this.grants.delete(hash);
    }
    const secret = randomBytes(24).toString("base64url");
    const expiresAt = new Date(this.now() + forMs);
    this.grants.set(hashOf(secret), { session, expiresAt });
    return { secret, expiresAt };
  }

  /** Id of the session that a secret opens; null: none, or not any more. */
  session(secret: string): string | null {
    const grant = this.grants.get(hashOf(secret));
    return grant && grant.expiresAt.getTime() > this.now() ? grant.session : null;
  }

  /** The session is gone. */
  drop(session: string): void {
    for (const [hash, grant] of this.grants) {
      if (grant.session === session) this.grants.delete(hash);
    }
  }

  private forgetExpired(): void {
    for (const [hash, { expiresAt }] of this.grants) {
      if (expiresAt.getTime() <= this.now()) this.grants.delete(hash);
    }
  }
}
