import { randomBytes } from "node:crypto";
import type { Validity } from "../principals/principal.ts";
import { hashOf } from "../principals/secret.ts";

/** URLs of a session that take connections at a time; the oldest goes when there are more. */
const maxGrants = 32;

interface Grant {
  session: string;
  expiresAt: Date;
  /** Of the token that has asked for it: it ends with that. */
  validity: Validity | null;
}

/** Secrets that open a session's browser for a while; only their hashes are kept, in memory. */
export class Endpoints {
  /** By hash, the oldest first. */
  private readonly grants = new Map<string, Grant>();

  constructor(private readonly now: () => number = Date.now) {}

  /** A secret for the path of a URL, for so long, and no longer than its token is good. */
  grant(
    session: string,
    forMs: number,
    validity: Validity | null = null,
  ): { secret: string; expiresAt: Date } {
    this.forgetExpired();
    const own = [...this.grants].filter(([, grant]) => grant.session === session);
    for (const [hash] of own.slice(0, Math.max(0, own.length - maxGrants + 1))) {
      this.grants.delete(hash);
    }
    const secret = randomBytes(24).toString("base64url");
    const asked = this.now() + forMs;
    const expiresAt = new Date(Math.min(asked, validity?.expiresAt?.getTime() ?? asked));
    this.grants.set(hashOf(secret), { session, expiresAt, validity });
    return { secret, expiresAt };
  }

  /** Id of the session that a secret opens; null: none, or not any more. */
  session(secret: string): string | null {
    return this.good(secret)?.session ?? null;
  }

  /** Aborts when connections by this secret must end, because its token does. */
  ends(secret: string): AbortSignal {
    return this.good(secret)?.validity?.ended ?? new AbortController().signal;
  }

  /** The session is gone. */
  drop(session: string): void {
    for (const [hash, grant] of this.grants) {
      if (grant.session === session) this.grants.delete(hash);
    }
  }

  private good(secret: string): Grant | null {
    const grant = this.grants.get(hashOf(secret));
    return grant && this.isGood(grant) ? grant : null;
  }

  private isGood({ expiresAt, validity }: Grant): boolean {
    return expiresAt.getTime() > this.now() && !validity?.ended.aborted;
  }

  private forgetExpired(): void {
    for (const [hash, grant] of this.grants) if (!this.isGood(grant)) this.grants.delete(hash);
  }
}
