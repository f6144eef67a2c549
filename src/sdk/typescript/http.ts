import { type ClientRequest, type IncomingMessage, request as overHttp } from "node:http";
import { request as overTls } from "node:https";
import type { Endpoint } from "../../client/endpoint.ts";

export interface Question {
  method: string;
  /** Path and query. */
  target: string;
  headers: Record<string, string>;
  /** Undefined: it is still to be written, by `put`. */
  body: string | null | undefined;
}

/** A request under way, of which both halves are in hand. */
export interface Exchange {
  request: ClientRequest;
  /** Rejects when the connection breaks before the reply's head. */
  reply: Promise<IncomingMessage>;
}

/**
 * Sends a request over the Unix socket or TCP, by node:http, which Node.js and Bun have; `fetch` has
 * no Unix sockets on Node.js. Each has a connection of its own, so that none is found closed.
 */
export function exchange(
  { base, socket, token }: Endpoint,
  { method, target, headers, body }: Question,
  signal: AbortSignal,
): Exchange {
  const url = new URL(base);
  const where = socket
    ? { socketPath: socket, path: target }
    : {
        host: url.hostname.replace(/^\[|\]$/g, ""),
        port: url.port || (url.protocol === "https:" ? 443 : 80),
        path: base.slice(url.origin.length) + target,
      };
  const length = typeof body === "string" ? { "content-length": `${Buffer.byteLength(body)}` } : {};
  const all = {
    host: url.host,
    // With `close`, which would be sent else, Bun.serve closes right after its reply, and whoever is still
    // sending loses it. With this it reads the rest, and drops it.
    connection: "keep-alive",
    ...headers,
    ...length,
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const send = url.protocol === "https:" ? overTls : overHttp;
  const request = send({ ...where, method, headers: all, agent: false });
  const reply = new Promise<IncomingMessage>((resolve, reject) => {
    request.once("response", resolve);
    // What breaks after the head of the reply is seen by who reads its body.
    request.on("error", reject);
    request.once("close", () => reject(new Error("the connection was closed")));
  });
  // Whoever only writes still learns of it by the reply.
  reply.catch(() => {});
  const abort = () => request.destroy(asError(signal.reason));
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  request.once("close", () => signal.removeEventListener("abort", abort));
  if (body === undefined) request.flushHeaders();
  else request.end(body ?? undefined);
  return { request, reply };
}

/** Writes as fast as it is taken. False: nobody reads any more, since the reply is there or broke. */
export async function put(request: ClientRequest, bytes: Uint8Array): Promise<boolean> {
  if (request.destroyed || request.writableEnded) return false;
  if (request.write(bytes)) return true;
  await new Promise<void>((resolve) => {
    const done = () => {
      request.off("drain", done).off("close", done);
      resolve();
    };
    request.on("drain", done).on("close", done);
  });
  return !request.destroyed;
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
