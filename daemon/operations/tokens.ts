import { NexoraError } from "../../src/contract/errors.ts";
import type { InputOf } from "../../src/contract/operation.ts";
import type { Token, tokenOperations } from "../../src/contract/token.ts";
import type { NewToken, TokenRow, Tokens } from "../principals/tokens.ts";
import type { Directory } from "../sessions/directory.ts";
import type { SessionRepository } from "../store/sessions.ts";
import type { HandlersOf } from "./handler.ts";

export interface TokenParts {
  tokens: Tokens;
  directory: Pick<Directory, "row">;
  rows: Pick<SessionRepository, "list">;
}

export function tokenHandlers(parts: TokenParts): HandlersOf<typeof tokenOperations> {
  const { tokens, directory, rows } = parts;
  const names = async () => new Map((await rows.list()).map(({ id, name }) => [id, name]));
  return {
    "token.new": {
      async reply(input, { principal }) {
        const { name, scope, sessions, expiresMs } = input;
        const limits = limitsOf(input);
        const bound =
          sessions && (await Promise.all(sessions.map((it) => directory.row(it, principal))));
        const ids = bound ? [...new Set(bound.map(({ id }) => id))] : null;
        const expiresAt = expiresMs === undefined ? null : new Date(Date.now() + expiresMs);
        const { row, token } = await tokens.create({
          name,
          scope,
          sessions: ids,
          expiresAt,
          ...limits,
        });
        return { ...shown(row, await names()), token };
      },
    },
    "token.ls": {
      async reply() {
        const known = await names();
        return { tokens: tokens.list().map((row) => shown(row, known)) };
      },
    },
    "token.rm": {
      async reply({ token }) {
        const { id, name } = await tokens.remove(token);
        return { id, name };
      },
    },
  };
}

type Limits = Pick<NewToken, "models" | "rpm" | "tpm" | "budgetDayUsd" | "budgetMonthUsd">;

/** Throws `usage` for what only a token of scope models has, and for what it has not. */
function limitsOf(input: InputOf<(typeof tokenOperations)[0]>): Limits {
  const { scope, sessions, models, rpm, tpm, budget } = input;
  const given = Object.entries({ models, rpm, tpm, budget }).find(([, it]) => it !== undefined);
  if (scope !== "models" && given) {
    throw new NexoraError("usage", `only a token of scope models takes --${given[0]}`, {
      hint: "add `--scope models`, or leave it out",
    });
  }
  if (scope === "models" && sessions) {
    throw new NexoraError("usage", "a token of scope models is not bound to sessions", {
      hint: "leave `--session` out: each session has a token of its own for models",
    });
  }
  return {
    models: models ?? null,
    rpm: rpm ?? null,
    tpm: tpm ?? null,
    budgetDayUsd: budgetOf(budget, "day"),
    budgetMonthUsd: budgetOf(budget, "month"),
  };
}

/** USD of `5/day` or `100/month`, which the month may be left out of. Throws `usage` for two of a kind. */
function budgetOf(budget: readonly string[] | undefined, period: "day" | "month"): number | null {
  const amounts = (budget ?? [])
    .map((each) => each.split("/"))
    .filter(([, named = "month"]) => named === period)
    .map(([amount]) => Number(amount));
  if (amounts.length < 2) return amounts[0] ?? null;
  throw new NexoraError("usage", `there are two budgets for the ${period}`, {
    hint: "give one for the day and one for the month: `--budget 5/day --budget 100/month`",
  });
}

function shown(row: TokenRow, names: ReadonlyMap<string, string>): Token {
  const { id, name, scope, sessions, models, createdAt, expiresAt, lastUsedAt } = row;
  return {
    id,
    name,
    scope,
    sessions: sessions?.map((it) => ({ id: it, name: names.get(it) ?? null })) ?? null,
    models,
    limits: {
      rpm: row.rpm,
      tpm: row.tpm,
      budgetUsd: { day: row.budgetDayUsd, month: row.budgetMonthUsd },
    },
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  };
}
