import { asNexoraError, NexoraError } from "../contract/errors.ts";
import { brokenConnection, codeOf } from "./broken.ts";
import type { Endpoint } from "./endpoint.ts";
import { type Route, requestOf } from "./route.ts";

export interface ClientOptions {
  endpoint: Endpoint;
  /** Version that the daemon must have; null accepts any (`daemon stop`). */
  version: string | null;
  /** Starts the daemon when nothing listens on the socket; absent: that is an error. */
  start?: (signal: AbortSignal) => Promise<void>;
}

export type RequestBody = NonNullable<RequestInit["body"]>;

export interface RequestOptions {
  method?: string;
  headers?: Record<string, string>;
  /** A stream is given as a function, because a request may be sent again after a start. */
  body?: RequestBody | (() => RequestBody);
  signal: AbortSignal;
}

/** Longest JSON reply that is read, in bytes. */
const maxReply = 256 * 1024 * 1024;
const nobodyListens = new Set(["ENOENT", "ECONNREFUSED", "ConnectionRefused"]);

/** Speaks a daemon's HTTP API, and starts the daemon if it has to. */
export class Client {
  constructor(private readonly options: ClientOptions) {}

  /** Sends an operation's input and returns its JSON output. Throws what the daemon reports. */
  async call(route: Route, input: Record<string, unknown>, signal: AbortSignal): Promise<unknown> {
    const { target, body } = requestOf(route, input);
    const reply = await this.fetch(target, {
      method: route.method,
      headers: body === undefined ? {} : { "content-type": "application/json" },
      ...(body === undefined ? {} : { body }),
      signal,
    });
    return readJson(reply);
  }

  /** One request. Resolves with a reply below 400; throws the daemon's error otherwise. */
  async fetch(target: string, options: RequestOptions): Promise<Response> {
    const reply = await this.connected(target, options);
    const theirs = reply.headers.get("x-nexora-version");
    const ours = this.options.version;
    if (ours !== null && theirs !== null && theirs !== ours) throw mismatch(ours, theirs);
    if (reply.status < 400) return reply;
    throw NexoraError.fromJSON(await readJson(reply));
  }

  private async connected(target: string, options: RequestOptions): Promise<Response> {
    try {
      return await this.send(target, options);
    } catch (error) {
      if (options.signal.aborted) throw asNexoraError(options.signal.reason);
      if (!nobodyListens.has(codeOf(error))) throw brokenConnection(error);
      if (!this.options.start) throw unreachable(this.options.endpoint, error);
    }
    await this.options.start(options.signal);
    try {
      return await this.send(target, options);
    } catch (error) {
      if (options.signal.aborted) throw asNexoraError(options.signal.reason);
      throw brokenConnection(error);
    }
  }

  private send(target: string, options: RequestOptions): Promise<Response> {
    const { base, socket, token } = this.options.endpoint;
    const body = typeof options.body === "function" ? options.body() : options.body;
    return fetch(base + target, {
      method: options.method ?? "GET",
      headers: { ...options.headers, ...(token ? { authorization: `Bearer ${token}` } : {}) },
      ...(body === undefined ? {} : { body }),
      ...(socket ? { unix: socket } : {}),
      signal: options.signal,
      redirect: "error",
      // Without it Bun ends a reply that is quiet for five minutes, as a build's may be.
      timeout: false,
      // A proxy of the environment must never see requests to the daemon of this machine.
      ...(socket || isLoopback(base) ? { proxy: "" } : {}),
    });
  }
}

/** A reply's JSON, of bounded size. Throws `unexpected` when it is none. */
async function readJson(reply: Response): Promise<unknown> {
  if (Number(reply.headers.get("content-length") ?? 0) > maxReply) {
    throw new NexoraError("unexpected", "the daemon's reply is too long");
  }
  try {
    return await reply.json();
  } catch (cause) {
    throw new NexoraError("unexpected", `the daemon replied ${reply.status}, but not with JSON`, {
      hint: "is NEXORA_HOST really a Nexora daemon? see `nexora daemon logs`",
      cause,
    });
  }
}

function isLoopback(base: string): boolean {
  return /^http:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:|\/|$)/.test(base);
}

function mismatch(ours: string, theirs: string): NexoraError {
  return new NexoraError(
    "version_mismatch",
    `the daemon has version ${theirs}, this command has ${ours}`,
    { hint: "`nexora daemon stop`; the next command starts the right one, sessions go on" },
  );
}

function unreachable(endpoint: Endpoint, cause: unknown): NexoraError {
  const where = endpoint.socket ?? endpoint.base;
  return new NexoraError("daemon_unreachable", `no daemon listens on ${where}`, {
    hint: endpoint.socket ? "start it with `nexora daemon start`" : "check NEXORA_HOST",
    cause,
  });
}
