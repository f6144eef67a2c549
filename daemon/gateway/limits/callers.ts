import { createHmac, timingSafeEqual } from "node:crypto";
import { NexoraError } from "../../../src/contract/errors.ts";
import { hasHash, hashOf } from "../../principals/secret.ts";
import type { TokenRow, Tokens } from "../../principals/tokens.ts";
import { GatewayError } from "../error.ts";
import type { Caller, CallerLimits } from "./caller.ts";
import { allows } from "./models.ts";

/** What the gateway knows of a session that runs. */
export interface SessionModels {
  id: string;
  name: string;
  /** Patterns of the models that it may use; null: all. */
  models: readonly string[] | null;
}

export interface CallersParts {
  tokens: Pick<Tokens, "find">;
  /** What the home's token file holds: it may do everything. */
  fileToken: string;
  /** From which the tokens of sessions follow, 32 secret bytes that stay the same. */
  key: Uint8Array;
  /** A session that runs, by id. */
  session(id: string): SessionModels | null;
}

/** What the official SDKs send their API key in: OpenAI's, Anthropic's, Google's. */
const headers = ["authorization", "x-api-key", "x-goog-api-key"] as const;
const sessionForm = /^nxs_(s_[0-9a-z]{1,32})_([\w-]{43})$/;
const unlimited: CallerLimits = { rpm: null, tpm: null, budgetUsd: { day: null, month: null } };

/** Who may use the gateway: tokens of scope `models`, whoever may do everything, and sessions. */
export class Callers {
  private readonly known = new WeakMap<TokenRow, Caller>();
  private readonly fileHash: string;
  private readonly everything: Caller = callerOf({ id: "default", name: "default", models: null });

  constructor(private readonly parts: CallersParts) {
    this.fileHash = hashOf(parts.fileToken);
  }

  /**
   * Who sends a request. Throws `unauthorized` without a valid token, `forbidden` for one that is
   * not for models.
   */
  authenticate(request: Pick<Request, "headers">): Caller {
    const found = this.find(request);
    if ("scope" in found) return this.ofToken(found);
    return found;
  }

  /**
   * Lets in whoever may read what goes on: the metrics tell about all callers. Throws
   * `unauthorized` or `forbidden`.
   */
  observer(request: Pick<Request, "headers">): void {
    const found = this.find(request);
    if (found === this.everything) return;
    if ("scope" in found && found.scope !== "models" && found.sessions === null) return;
    throw new GatewayError(
      "forbidden",
      `${found.name} may not see the metrics: use a token of scope read`,
    );
  }

  /** The token of a session's programs: the same each time, of use while the session runs. */
  forSession(id: string): string {
    return `nxs_${id}_${this.secretOf(id)}`;
  }

  private secretOf(id: string): string {
    return createHmac("sha256", this.parts.key).update(id).digest("base64url");
  }

  /** An SDK may send two credentials, of which only one is meant for us. */
  private find(request: Pick<Request, "headers">): TokenRow | Caller {
    let given = false;
    for (const name of headers) {
      const text = request.headers.get(name)?.replace(/^Bearer /i, "");
      if (!text) continue;
      given = true;
      const found = this.named(text) ?? this.ofSession(text);
      if (found) return found;
      if (hasHash(text, this.fileHash)) return this.everything;
    }
    const why = given ? "the token is not valid" : "the request has no token";
    throw new GatewayError(
      "unauthorized",
      `${why}: send one of \`nexora token new NAME --scope models\` as the API key`,
    );
  }

  private named(text: string): TokenRow | null {
    try {
      return this.parts.tokens.find(text);
    } catch (error) {
      if (!(error instanceof NexoraError)) throw error;
      throw new GatewayError("unauthorized", error.message, { cause: error });
    }
  }

  private ofSession(text: string): Caller | null {
    const [, id, secret] = sessionForm.exec(text) ?? [];
    if (id === undefined || secret === undefined) return null;
    if (!timingSafeEqual(Buffer.from(secret), Buffer.from(this.secretOf(id)))) return null;
    const session = this.parts.session(id);
    return session && callerOf({ ...session, session: id });
  }

  private ofToken(row: TokenRow): Caller {
    const { name, scope, sessions } = row;
    if (scope !== "models" && (scope !== "admin" || sessions !== null)) {
      const bound = sessions === null ? "" : " and is bound to sessions";
      throw new GatewayError(
        "forbidden",
        `token ${name} has scope ${scope}${bound}: models need one of \`nexora token new NAME --scope models\``,
      );
    }
    let caller = this.known.get(row);
    if (!caller) {
      caller = callerOf({ ...row, limits: limitsOf(row) });
      this.known.set(row, caller);
    }
    return caller;
  }
}

function limitsOf({ rpm, tpm, budgetDayUsd, budgetMonthUsd }: TokenRow): CallerLimits {
  return { rpm, tpm, budgetUsd: { day: budgetDayUsd, month: budgetMonthUsd } };
}

function callerOf(it: SessionModels & { session?: string; limits?: CallerLimits }): Caller {
  const { id, name, models, session = null, limits = unlimited } = it;
  const { day, month } = limits.budgetUsd;
  return {
    id,
    name,
    kind: session === null ? "token" : "session",
    session,
    limits,
    budgeted: day !== null || month !== null,
    may: (provider, model, asked) => allows(models, provider, model, asked),
  };
}
