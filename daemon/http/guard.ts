import { createHash, timingSafeEqual } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { NexoraError } from "../../src/contract/errors.ts";
import { version } from "../../src/version.ts";

export type Transport = "unix" | "tcp";
export interface HttpEnv {
  Bindings: { transport: Transport };
}

const loopbackHosts = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Equal in constant time, whatever the lengths. */
function sameSecret(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/**
 * Stands in front of every route. The Unix socket is guarded by its file mode; TCP needs the
 * bearer token. A browser is never a legitimate client of this API, so any request that a page
 * could have caused (Origin, Referer, a foreign Host after DNS rebinding) is refused.
 */
export function guard(token: string): MiddlewareHandler<HttpEnv> {
  return async (context, next) => {
    const headers = context.req.raw.headers;
    if (headers.has("origin") || headers.has("referer")) {
      throw new NexoraError("forbidden", "requests from web pages are refused", {
        hint: "call the API without Origin and Referer headers",
      });
    }
    if (context.env.transport === "tcp") {
      checkHost(headers.get("host"));
      checkToken(headers.get("authorization"), token);
    }
    await next();
    protect(context.res.headers);
  };
}

/** What every reply says, also one that refuses. */
export function protect(headers: Headers): void {
  headers.set("x-nexora-version", version);
  headers.set("x-content-type-options", "nosniff");
  headers.set("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
  headers.set("cache-control", "no-store");
}

function checkHost(host: string | null): void {
  const name = (host ?? "").replace(/:\d+$/, "").toLowerCase();
  if (loopbackHosts.has(name)) return;
  throw new NexoraError("forbidden", "the Host header does not name this machine", {
    hint: "call the daemon as 127.0.0.1 or localhost",
  });
}

function checkToken(authorization: string | null, token: string): void {
  const given = /^Bearer (.+)$/i.exec(authorization ?? "")?.[1];
  if (given !== undefined && sameSecret(given, token)) return;
  throw new NexoraError(
    "unauthorized",
    given === undefined ? "this request carries no bearer token" : "the bearer token is wrong",
    { hint: "send `Authorization: Bearer …` with the content of the token file" },
  );
}
