import { deadline, within } from "../../../src/abort.ts";
import { asNexoraError, NexoraError } from "../../../src/contract/errors.ts";
import type { RunnerClient } from "../../runner/client.ts";
import { CdpEvents } from "./events.ts";
import { isRecord, type Message, parseMessage } from "./message.ts";
import {
  believedHost,
  connectPath,
  type EventName,
  type EventParams,
  gone,
  type Method,
  type Params,
  Refusal,
  type Result,
  type SendOptions,
} from "./protocol.ts";
import { WebSocketClient } from "./websocket.ts";

/** Longest answer of a browser, in bytes. */
const maxAnswer = 32 * 1024 * 1024;
const openMs = 10_000;
const answerMs = 30_000;

interface Pending {
  method: string;
  session: string | undefined;
  resolve(result: unknown): void;
  reject(error: NexoraError): void;
}

/**
 * A connection to a browser's DevTools, through the session's runner: commands, answers and events
 * (Chrome DevTools Protocol, its sessions "flattened"). What comes over it is hostile: answers and
 * events are bounded, and of a flood of events some are dropped.
 */
export class CdpConnection {
  private readonly pending = new Map<number, Pending>();
  private readonly events = new CdpEvents();
  private readonly over = new AbortController();
  private readonly opened = Promise.withResolvers<void>();
  private readonly socket: WebSocketClient;
  private output: ReadableStreamDefaultController<Uint8Array> | null = null;
  private lastId = 0;

  private constructor() {
    this.opened.promise.catch(() => {}); // Awaited by `open`.
    this.socket = new WebSocketClient(
      {
        opened: () => this.opened.resolve(),
        message: (text) => this.heard(text),
        overlong: (beginning, bytes) => this.heardTooMuch(beginning, bytes),
        send: (bytes) => this.write(bytes),
        closed: (reason) => this.end(gone(`the browser closed the connection: ${reason}`)),
      },
      maxAnswer,
    );
  }

  /** Connects to the browser whose DevTools have this path. Throws `engine_failed`, `timeout`. */
  static async open(
    runner: Pick<RunnerClient, "fetch">,
    session: string,
    path: string,
    signal: AbortSignal,
  ): Promise<CdpConnection> {
    const connection = new CdpConnection();
    const ends = deadline(openMs, signal);
    try {
      void connection.run(runner, session, path);
      await within(connection.opened.promise, ends);
      return connection;
    } catch (error) {
      connection.end(asNexoraError(error));
      throw error;
    }
  }

  /** Aborts, with the reason, when the connection is over. */
  get signal(): AbortSignal {
    return this.over.signal;
  }

  /**
   * Sends a command and resolves with its result. Throws a `Refusal`; `timeout`; `too_large` for an
   * answer that is; `engine_failed` when the browser goes.
   */
  async send<M extends Method>(
    method: M,
    params: Params<M>,
    { session, signal, timeoutMs = answerMs }: SendOptions = {},
  ): Promise<Result<M>> {
    this.over.signal.throwIfAborted();
    const id = ++this.lastId;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.pending.set(id, { method, session, resolve, reject });
    const late = AbortSignal.timeout(timeoutMs);
    try {
      const command = { id, method, params: params ?? {}, sessionId: session };
      this.write(this.socket.encode(JSON.stringify(command)));
      // The browser's own word for its type; who uses a field of it may find another one there.
      return (await within(promise, signal ? AbortSignal.any([signal, late]) : late)) as Result<M>;
    } catch (error) {
      if (!late.aborted || signal?.aborted || !(error instanceof NexoraError)) throw error;
      if (error.code !== "timeout") throw error;
      throw new NexoraError(
        "timeout",
        `the browser has not answered ${method} for ${timeoutMs / 1000} s`,
        {
          hint: "the page may be busy, or a dialog of it open: look at the screen",
          cause: error,
        },
      );
    } finally {
      this.pending.delete(id);
    }
  }

  /** As `CdpEvents.on`. */
  on<E extends EventName>(
    event: E,
    session: string | undefined,
    listener: (params: EventParams<E>) => void,
    lost?: () => void,
  ): () => void {
    return this.events.on(event, session, listener, lost);
  }

  /** A session has ended: nothing answers what was sent to it. */
  forget(session: string, why: string): void {
    for (const each of this.pending.values()) {
      if (each.session === session) each.reject(gone(why));
    }
  }

  close(why: string): void {
    this.end(gone(why));
  }

  private async run(
    runner: Pick<RunnerClient, "fetch">,
    session: string,
    path: string,
  ): Promise<void> {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.output = controller;
      },
      cancel: () => this.end(gone("the connection to the browser was lost")),
    });
    this.write(this.socket.handshake(believedHost, path));
    try {
      const init = { method: "POST", body };
      const reply = await runner.fetch(session, connectPath, init, this.over.signal);
      for await (const chunk of reply.body ?? []) this.socket.receive(chunk);
      this.end(gone("the browser has ended"));
    } catch (error) {
      const known = error instanceof NexoraError ? error : null;
      this.end(known ?? gone("the connection to the browser was lost", error));
    }
  }

  private write(bytes: Uint8Array): void {
    this.output?.enqueue(bytes);
  }

  private end(reason: NexoraError): void {
    if (this.over.signal.aborted) return;
    const { output } = this;
    this.output = null;
    this.over.abort(reason);
    this.opened.reject(reason);
    for (const each of this.pending.values()) each.reject(reason);
    try {
      output?.close();
    } catch {
      // It was cancelled.
    }
  }

  private heard(text: string): void {
    const method = /^\{"method":"([\w.]{1,100})"/.exec(text)?.[1];
    if (method !== undefined && !this.events.takes(method, text)) return;
    const message = parseMessage(text);
    if (typeof message.id === "number") this.answered(message.id, message);
    else if (typeof message.method === "string") {
      const { params } = message;
      this.events.tell(message.method, message.sessionId, isRecord(params) ? params : {});
    }
  }

  private answered(id: number, { result, error }: Message): void {
    const asked = this.pending.get(id);
    if (!asked) return;
    if (isRecord(error)) {
      const { message: why } = error;
      asked.reject(
        new Refusal(asked.method, typeof why === "string" ? why : "it does not say why"),
      );
    } else if (isRecord(result)) asked.resolve(result);
    else asked.reject(gone(`the browser's answer to ${asked.method} is none`));
  }

  private heardTooMuch(beginning: string, bytes: number): void {
    const [, id] = /^\{"id":(\d+)/.exec(beginning) ?? [];
    const asked = id === undefined ? undefined : this.pending.get(Number(id));
    const size = `${Math.ceil(bytes / 1024 / 1024)} MiB, of which ${maxAnswer / 1024 / 1024} are taken`;
    asked?.reject(
      new NexoraError("too_large", `the browser's answer to ${asked.method} has ${size}`, {
        hint: "ask for a part of it",
      }),
    );
  }
}
