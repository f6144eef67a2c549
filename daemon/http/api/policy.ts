import { NexoraError } from "../../../src/contract/errors.ts";
import type { Principal } from "../../principals/principal.ts";
import { hasHash, hashOf } from "../../principals/secret.ts";
import type { Tokens } from "../../principals/tokens.ts";
import { loopbackHosts, type Policy } from "../policy.ts";

/** Who has the token file's content. */
const fileToken: Principal = {
  kind: "token",
  name: "default",
  scope: "admin",
  sessions: null,
  validity: null,
};

/**
 * The API's policy, as strict as can be. The Unix socket is guarded by its file mode; TCP needs a
 * bearer token. A browser is never a legitimate client. `user` is the name of the daemon's own user.
 */
export function apiPolicy(token: string, tokens: Pick<Tokens, "principal">, user: string): Policy {
  const hash = hashOf(token);
  // Only the daemon's own user can open its Unix socket.
  const localUser: Principal = { ...fileToken, kind: "local", name: user };
  return {
    hosts: loopbackHosts,
    origins: new Set(),
    contentSecurityPolicy: "default-src 'none'; frame-ancestors 'none'",
    authenticate(request, transport) {
      const given = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
      if (given === undefined) {
        if (transport === "unix") return localUser;
        throw refused("the request has no bearer token");
      }
      const named = tokens.principal(given);
      if (named) return named;
      if (hasHash(given, hash)) return fileToken;
      throw refused("the bearer token is not valid");
    },
  };
}

function refused(why: string): NexoraError {
  return new NexoraError("unauthorized", why, {
    hint: "send `Authorization: Bearer TOKEN`, with the token file's content or a token from `nexora token new`",
  });
}
