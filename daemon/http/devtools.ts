import { NexoraError } from "../../src/contract/errors.ts";
import type { Endpoints } from "../browser/endpoints.ts";
import type { Passage } from "../browser/passage.ts";
import { loopbackHosts, type Policy } from "./policy.ts";
import type { RouteGroup } from "./server.ts";

export interface DevtoolsParts {
  endpoints: Pick<Endpoints, "session" | "ends">;
  /**
   * Connects to a session's browser: to a target by its path, or to the browser as a whole. `onEnd` is
   * called when that is over.
   */
  connect(
    session: string,
    path: string | null,
    signal: AbortSignal,
    onEnd: () => void,
  ): Promise<Passage>;
  /** What the browser calls itself, such as `Chrome/156.0`. */
  product(session: string, signal: AbortSignal): Promise<string>;
  /** A session in use until it is disposed. */
  hold(session: string): Disposable;
}

const prefix = "/devtools/";
/** Connections of one session at a time. */
const maxConnections = 16;

/**
 * The browsers' DevTools for programs outside, below `/devtools/SECRET`: a WebSocket to the browser,
 * to one of its targets at `…/devtools/page/ID`, and the document that names it (Chrome DevTools
 * Protocol, "HTTP Endpoints"). The secret says whose browser it is.
 */
export function devtoolsGroup(parts: DevtoolsParts): RouteGroup {
  const connections = new Map<string, number>();
  /** Counts a connection and keeps its session in use; what it returns undoes that, once. */
  const enter = (session: string): (() => void) => {
    const open = connections.get(session) ?? 0;
    if (open >= maxConnections) throw tooMany();
    connections.set(session, open + 1);
    const used = parts.hold(session);
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      used[Symbol.dispose]();
      const left = (connections.get(session) ?? 1) - 1;
      if (left > 0) connections.set(session, left);
      else connections.delete(session);
    };
  };
  return {
    covers: (path) => path.startsWith(prefix),
    policy: policyOf(parts.endpoints),
    async answer(request, { upgrade }) {
      const { secret, rest } = partsOf(request);
      const session = sessionOf(parts.endpoints, secret);
      // Asked before anything is awaited: what ends meanwhile would look as if it never did.
      const ends = parts.endpoints.ends(secret);
      if (/^\/json\/version\/?$/.test(rest) && request.method === "GET") {
        const product = await parts.product(session, request.signal);
        return Response.json({
          Browser: product,
          "Protocol-Version": "1.3",
          // Host has been checked; it may be a forwarded port.
          webSocketDebuggerUrl: `ws://${request.headers.get("host")}${prefix}${secret}`,
        });
      }
      const target = /^\/devtools\/(?:browser|page)\/[\w-]{1,100}$/.test(rest) ? rest : null;
      if (target === null && !/^\/?$/.test(rest)) throw nothingAt();
      if (request.headers.get("upgrade")?.toLowerCase() !== "websocket") throw nothingAt();
      const leave = enter(session);
      const over = new AbortController();
      try {
        const passage = await parts.connect(session, target, request.signal, () => {
          over.abort();
          leave();
        });
        if (!upgrade(passage)) passage.closed();
        const revoke = () =>
          passage.revoke("the token that has asked for the URL is not valid any more");
        ends.addEventListener("abort", revoke, { once: true, signal: over.signal });
        if (ends.aborted) revoke();
        return null;
      } catch (error) {
        leave();
        throw error;
      }
    },
  };
}

/** Loopback only, no web page, and the secret in place of a token. */
function policyOf(endpoints: DevtoolsParts["endpoints"]): Policy {
  return {
    hosts: loopbackHosts,
    origins: new Set(),
    contentSecurityPolicy: "default-src 'none'; frame-ancestors 'none'",
    authenticate(request) {
      const session = sessionOf(endpoints, partsOf(request).secret);
      const sessions = new Set([session]);
      const name = "chrome endpoint";
      return { kind: "token", name, scope: "act", sessions, validity: null };
    },
  };
}

function partsOf(request: Request): { secret: string; rest: string } {
  const path = new URL(request.url).pathname.slice(prefix.length);
  const end = path.indexOf("/");
  return end < 0
    ? { secret: path, rest: "" }
    : { secret: path.slice(0, end), rest: path.slice(end) };
}

function sessionOf(endpoints: DevtoolsParts["endpoints"], secret: string): string {
  const session = endpoints.session(secret);
  if (session !== null) return session;
  throw new NexoraError("unauthorized", "the URL takes no connections, or not any more", {
    hint: "get another one from `nexora chrome endpoint`",
  });
}

function nothingAt(): NexoraError {
  return new NexoraError("not_found", "there is no such document at the browser's URL", {
    hint: "connect a WebSocket to it, or ask for /json/version below it",
  });
}

function tooMany(): NexoraError {
  return new NexoraError("conflict", `the browser has ${maxConnections} connections already`, {
    hint: "close one: `browser.close()` of Playwright's does",
  });
}
