import type { Token, tokenOperations } from "../../src/contract/token.ts";
import type { TokenRow, Tokens } from "../principals/tokens.ts";
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
      async reply({ name, scope, sessions, expiresMs }, { principal }) {
        const bound =
          sessions && (await Promise.all(sessions.map((it) => directory.row(it, principal))));
        const ids = bound ? [...new Set(bound.map(({ id }) => id))] : null;
        const expiresAt = expiresMs === undefined ? null : new Date(Date.now() + expiresMs);
        const { row, token } = await tokens.create({ name, scope, sessions: ids, expiresAt });
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

function shown(row: TokenRow, names: ReadonlyMap<string, string>): Token {
  const { id, name, scope, sessions, createdAt, expiresAt, lastUsedAt } = row;
  return {
    id,
    name,
    scope,
    sessions: sessions?.map((it) => ({ id: it, name: names.get(it) ?? null })) ?? null,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  };
}
