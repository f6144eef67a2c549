import { deadline, within } from "../../src/abort.ts";
import { asNexoraError, NexoraError } from "../../src/contract/errors.ts";
import type { RunnerClient } from "../runner/client.ts";
import { believedHost, connectPath, gone } from "./cdp/protocol.ts";
import { WebSocketClient } from "./cdp/websocket.ts";

/** What of a WebSocket's client the passage uses: `send` says -1 when it is queued, 0 when it is lost. */
type Client = Pick<Bun.ServerWebSocket<unknown>, "send" | "close">;

const openMs = 10_000;
/** Longest message of the browser's, in bytes; longer ones do not arrive. */
const maxMessage = 64 * 1024 * 1024;
/** Bytes of the client's that may wait for a browser that does not take them. */
const maxWaiting = 64 * 1024 * 1024;

/**
 * Messages between a client of ours and a browser's DevTools, through the session's runner, as they are,
 * until either side ends. While the client does not take any, none are read from the browser.
 */
export class Passage {
  private readonly over = new AbortController();
  private readonly opening = Promise.withResolvers<void>();
  private readonly socket: WebSocketClient;
  private output: ReadableStreamDefaultController<Uint8Array> | null = null;
  private client: Client | null = null;
  private room = Promise.withResolvers<void>();

  private constructor(private readonly onEnd: () => void) {
    this.opening.promise.catch(() => {}); // Awaited by `open`.
    this.socket = new WebSocketClient(
      {
        opened: () => this.opening.resolve(),
        message: (text) => this.pass(text),
        overlong: () => this.end(gone("a message of the browser's is too long")),
        send: (bytes) => this.output?.enqueue(bytes),
        closed: () => this.end(gone("the browser has closed the connection")),
      },
      maxMessage,
    );
  }

  /**
   * Connects to what has this path among the browser's DevTools; `onEnd` is called when it is over, also when
   * it fails. Throws `engine_failed`, `timeout`.
   */
  static async open(
    runner: Pick<RunnerClient, "fetch">,
    target: { session: string; path: string },
    signal: AbortSignal,
    onEnd: () => void,
  ): Promise<Passage> {
    const passage = new Passage(onEnd);
    void passage.run(runner, target);
    try {
      await within(passage.opening.promise, deadline(openMs, signal));
      return passage;
    } catch (error) {
      passage.end(asNexoraError(error));
      throw error;
    }
  }

  opened(client: Client): void {
    this.client = client;
    if (this.over.signal.aborted) client.close(1011, "the browser has closed the connection");
    this.room.resolve();
  }

  received(message: string | Buffer): void {
    const { output } = this;
    output?.enqueue(this.socket.encode(message.toString()));
    if (output && (output.desiredSize ?? 0) < 0) this.end(gone("the browser does not keep up"));
  }

  drained(): void {
    this.room.resolve();
  }

  closed(): void {
    this.end(new NexoraError("interrupted", "the client has closed the connection"));
  }

  /** Ends both sides. */
  revoke(why: string): void {
    this.end(new NexoraError("unauthorized", why));
  }

  private async run(
    runner: Pick<RunnerClient, "fetch">,
    { session, path }: { session: string; path: string },
  ): Promise<void> {
    const start = (controller: ReadableStreamDefaultController<Uint8Array>) => {
      this.output = controller;
    };
    const cancel = () => this.end(gone("the connection to the browser was lost"));
    const limit = new ByteLengthQueuingStrategy({ highWaterMark: maxWaiting });
    const body = new ReadableStream<Uint8Array>({ start, cancel }, limit);
    try {
      this.output?.enqueue(this.socket.handshake(believedHost, path));
      const init = { method: "POST", body };
      const reply = await runner.fetch(session, connectPath, init, this.over.signal);
      for await (const chunk of reply.body ?? []) {
        this.socket.receive(chunk);
        await within(this.room.promise, this.over.signal);
      }
      this.end(gone("the browser has ended"));
    } catch (error) {
      this.end(asNexoraError(error));
    }
  }

  private pass(text: string): void {
    // The browser says nothing that it was not asked for by the client.
    const sent = this.client?.send(text);
    if (sent === 0) this.end(gone("the client does not keep up"));
    if (sent === -1) this.room = Promise.withResolvers<void>();
  }

  private end(reason: NexoraError): void {
    if (this.over.signal.aborted) return;
    this.over.abort(reason);
    this.opening.reject(reason);
    this.client?.close(1011, reason.message);
    try {
      this.output?.close();
    } catch {
      // It was cancelled.
    }
    this.onEnd();
  }
}
