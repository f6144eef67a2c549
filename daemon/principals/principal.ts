import { NexoraError } from "../../src/contract/errors.ts";
import { accessLevels, type Operation } from "../../src/contract/operation.ts";
import type { Scope } from "../../src/contract/token.ts";

/** Whoever calls, whatever the door. */
export interface Principal {
  kind: "local" | "token";
  /** The user's name, or the token's. */
  name: string;
  /** The most that it may do; with `models`, no operation at all. */
  scope: Scope;
  /** Ids of the sessions that it may touch; null: all. */
  sessions: ReadonlySet<string> | null;
  /** How long it is one; null: as long as the daemon runs. */
  validity: Validity | null;
}

/** How long a token is good for, and what it has been given. */
export interface Validity {
  /** Null: until it is removed. */
  expiresAt: Date | null;
  /** Aborts when it has expired, or is removed. */
  ended: AbortSignal;
}

/** Tells callers apart. */
export function callerOf({ kind, name }: Principal): string {
  return `${kind} ${name}`;
}

/** Whether the session exists for the principal. */
export function sees({ sessions }: Principal, id: string): boolean {
  return sessions === null || sessions.has(id);
}

/** Throws `forbidden` unless the principal may ask for the operation at all. */
export function permit(principal: Principal, { id, access, session }: Operation): void {
  const { kind, name, scope, sessions } = principal;
  if (scope === "models") {
    throw new NexoraError(
      "forbidden",
      `${kind} ${name} is for models only; ${id} needs ${access}`,
      {
        hint: `send it to the gateway, or use another: \`nexora token new NAME --scope ${access}\``,
      },
    );
  }
  if (accessLevels.indexOf(scope) < accessLevels.indexOf(access)) {
    throw new NexoraError(
      "forbidden",
      `${kind} ${name} has scope ${scope}; ${id} needs ${access}`,
      {
        hint: `use a token with that scope: \`nexora token new NAME --scope ${access}\``,
      },
    );
  }
  // What decides about all sessions, or makes new ones, is not for whoever is bound to some.
  if (access === "admin" && session === undefined && sessions !== null) {
    throw new NexoraError(
      "forbidden",
      `${kind} ${name} is bound to sessions; ${id} concerns all of them`,
      {
        hint: "use a token that is not bound to sessions",
      },
    );
  }
}
