import { NexoraError } from "../../src/contract/errors.ts";
import { version } from "../../src/version.ts";
import type { Principal } from "../principals/principal.ts";

export type Transport = "unix" | "tcp";

/** What a group of routes asks of those who call it. */
export interface Policy {
  /** Hosts that a request over TCP may name, without the port: anything else is DNS rebinding. */
  hosts: ReadonlySet<string>;
  /** Origins of the web pages that may call it; none: no page may. */
  origins: ReadonlySet<string>;
  /** The Content-Security-Policy that each reply carries. */
  contentSecurityPolicy: string;
  /** Who calls. Throws `unauthorized`. */
  authenticate(request: Request, transport: Transport): Principal | Promise<Principal>;
}

export const loopbackHosts: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Lets a request in, and says who makes it. Throws `forbidden` or `unauthorized`. */
export function admit(
  policy: Policy,
  request: Request,
  transport: Transport,
): Principal | Promise<Principal> {
  checkSource(policy, request.headers, transport);
  return policy.authenticate(request, transport);
}

/** Refuses what comes from a web page, or by a name that is not this machine's. Throws `forbidden`. */
export function checkSource(
  policy: Pick<Policy, "hosts" | "origins">,
  headers: Headers,
  transport: Transport,
): void {
  checkPage(policy, headers);
  if (transport === "tcp") checkHost(policy, headers.get("host"));
}

/** What every reply says, also one that refuses. */
export function protect(policy: Policy, headers: Headers): void {
  headers.set("x-nexora-version", version);
  headers.set("x-content-type-options", "nosniff");
  headers.set("content-security-policy", policy.contentSecurityPolicy);
  headers.set("cache-control", "no-store");
}

function checkPage({ origins }: Pick<Policy, "origins">, headers: Headers): void {
  const origin = headers.get("origin");
  const allowed =
    origin === null ? !headers.has("referer") || origins.size > 0 : origins.has(origin);
  if (allowed) return;
  throw new NexoraError("forbidden", "requests from web pages are refused", {
    hint: "call the API without Origin and Referer headers",
  });
}

function checkHost({ hosts }: Pick<Policy, "hosts">, host: string | null): void {
  const name = (host ?? "").replace(/:\d+$/, "").toLowerCase();
  if (hosts.has(name)) return;
  throw new NexoraError("forbidden", "the Host header does not name this machine", {
    hint: "call the daemon as 127.0.0.1 or localhost",
  });
}
