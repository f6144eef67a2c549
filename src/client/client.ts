import { asNexoraError, NexoraError } from "../contract/errors.ts";
import type { Fields, OperationId, Output } from "../contract/index.ts";
import { codeOf } from "../thrown.ts";
import { brokenConnection } from "./broken.ts";
import type { Endpoint } from "./endpoint.ts";
import { type Route, requestOf } from "./route.ts";
import { routeOf } from "./routes.ts";

export interface ClientOptions {
  endpoint: Endpoint;
  /** Version that the daemon must be compatible with; null: any will do (`daemon stop`). */
  version: string | null;
  /** Starts the daemon when it is gone; absent: that is an error. */
  start?: (signal: AbortSignal) => Promise<void>;
}

type RequestBody = NonNullable<RequestInit["body"]>;

/** How an operation is asked for when a JSON reply to JSON fields is not all. */
export interface RequestForm {
  accept?: string;
  /** Type of `body`. */
  contentType?: string;
  /** In place of the fields as JSON. A function, because a request may be sent again after a start. */
  body?: () => RequestBody;
}

/** Longest JSON reply that is read, and longest line of a stream, in bytes. */
export const maxReply = 256 * 1024 * 1024;
const nobodyListens = new Set(["ENOENT", "ECONNREFUSED", "ConnectionRefused"]);

/** Speaks a daemon's HTTP API, and starts the daemon if it has to. */
export class Client {
  constructor(private readonly options: ClientOptions) {}

  /** Carries out an operation and returns its reply. Throws what the daemon reports. */
  call<Id extends OperationId>(
    id: Id,
    input: Fields<Id>,
    signal: AbortSignal,
  ): Promise<Output<Id>> {
    return this.request(id, input, signal);
  }

  /** As `call`, with fields that only the daemon checks, as those of a command line. */
  async request<Id extends OperationId>(
    id: Id,
    fields: object,
    signal: AbortSignal,
    form: RequestForm = {},
  ): Promise<Output<Id>> {
    return readJson(await this.open(id, fields, signal, form));
  }

  /** Sends an operation's request. Resolves with a reply below 400; throws the daemon's error otherwise. */
  async open(
    id: OperationId,
    fields: object,
    signal: AbortSignal,
    form: RequestForm = {},
  ): Promise<Response> {
    const reply = await this.connected(routeOf(id), fields, signal, form);
    if (reply.status < 400) return reply;
    throw NexoraError.fromJSON(await readJson(reply));
  }

  /**
   * A daemon that is not there is started, once. When the connection breaks before the reply, only
   * a request that changes nothing is sent again: any other may have been carried out.
   */
  private async connected(
    route: Route,
    fields: object,
    signal: AbortSignal,
    form: RequestForm,
  ): Promise<Response> {
    const { endpoint, start } = this.options;
    try {
      return await this.send(route, fields, signal, form);
    } catch (error) {
      if (signal.aborted) throw asNexoraError(signal.reason);
      const absent = nobodyListens.has(codeOf(error));
      if (!absent && !route.reads) throw brokenConnection(error, "act");
      if (!start) throw absent ? unreachable(endpoint, error) : brokenConnection(error, "read");
    }
    await start(signal);
    try {
      return await this.send(route, fields, signal, form);
    } catch (error) {
      if (signal.aborted) throw asNexoraError(signal.reason);
      throw brokenConnection(error, route.reads ? "read" : "act");
    }
  }

  private send(
    route: Route,
    fields: object,
    signal: AbortSignal,
    { accept, contentType, body }: RequestForm,
  ): Promise<Response> {
    const { base, socket, token } = this.options.endpoint;
    const { version } = this.options;
    const inQuery = body !== undefined || undefined;
    const { target, body: json } = requestOf(route, fields, inQuery);
    const type = body ? contentType : json === undefined ? undefined : "application/json";
    const content = body ? body() : json;
    return fetch(base + target, {
      method: route.method,
      headers: {
        "x-nexora-client": "cli",
        ...(type === undefined ? {} : { "content-type": type }),
        ...(accept === undefined ? {} : { accept }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(version === null ? {} : { "x-nexora-version": version }),
      },
      ...(content === undefined ? {} : { body: content }),
      ...(socket ? { unix: socket } : {}),
      signal,
      // A command or a stream may be silent for as long as it likes: Bun's limit is 5 minutes.
      timeout: false,
      redirect: "error",
      // A proxy of the environment must never see requests to the daemon of this machine.
      ...(socket || isLoopback(base) ? { proxy: "" } : {}),
    });
  }
}

/** A reply's JSON, of bounded size. Throws `unexpected` when it is none. */
async function readJson(reply: Response) {
  if (Number(reply.headers.get("content-length") ?? 0) > maxReply) {
    throw new NexoraError("unexpected", "the daemon's reply is too long");
  }
  try {
    return JSON.parse(await reply.text());
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

function unreachable(endpoint: Endpoint, cause: unknown): NexoraError {
  const where = endpoint.socket ?? endpoint.base;
  return new NexoraError("daemon_unreachable", `no daemon is listening on ${where}`, {
    hint: endpoint.socket ? "start it with `nexora daemon start`" : "check NEXORA_HOST",
    cause,
  });
}
