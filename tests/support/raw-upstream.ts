import { createServer, type Server, type Socket } from "node:net";

export interface RawRequest {
  method: string;
  path: string;
  /** By names in lower case. */
  headers: Record<string, string>;
  body: string;
}

/** Answers a request, well or badly, by writing bytes. */
export type Behaviour = (request: RawRequest, socket: Socket) => void;

/**
 * A provider of models on loopback, which does with a connection what it is told to, byte by byte:
 * an HTTP server would not let itself be brought to most of it.
 */
export class RawUpstream implements AsyncDisposable {
  /** What it was asked, oldest first. */
  readonly requests: RawRequest[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;
  private changed = Promise.withResolvers<void>();

  private constructor(private behaviour: Behaviour) {
    this.server = createServer((socket) => this.serve(socket));
  }

  static async start(behaviour: Behaviour): Promise<RawUpstream> {
    const upstream = new RawUpstream(behaviour);
    await new Promise<void>((resolve) => upstream.server.listen(0, "127.0.0.1", resolve));
    return upstream;
  }

  get url(): string {
    const address = this.server.address();
    if (typeof address !== "object" || address === null) throw new Error("it does not listen");
    return `http://127.0.0.1:${address.port}`;
  }

  /** Connections that are open. */
  get open(): number {
    return this.sockets.size;
  }

  /** How it answers from now on. */
  behave(behaviour: Behaviour): void {
    this.behaviour = behaviour;
  }

  /** Resolves when `holds` does, which is asked again after each request and each end of a connection. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await this.changed.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private serve(socket: Socket): void {
    let held = Buffer.alloc(0);
    this.sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => {
      this.sockets.delete(socket);
      this.tell();
    });
    socket.on("data", (bytes: Buffer) => {
      held = Buffer.concat([held, bytes]);
      for (;;) {
        const end = held.indexOf("\r\n\r\n");
        if (end < 0) return;
        const request = headOf(held.subarray(0, end).toString());
        const length = Number(request.headers["content-length"] ?? 0);
        if (held.length < end + 4 + length) return;
        request.body = held.subarray(end + 4, end + 4 + length).toString();
        held = held.subarray(end + 4 + length);
        this.requests.push(request);
        this.behaviour(request, socket);
        this.tell();
      }
    });
  }

  private tell(): void {
    this.changed.resolve();
    this.changed = Promise.withResolvers();
  }
}

function headOf(head: string): RawRequest {
  const [first = "", ...lines] = head.split("\r\n");
  const [method = "", path = ""] = first.split(" ");
  const headers = lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return { method, path, headers: Object.fromEntries(headers), body: "" };
}

/** A whole reply. */
export function json(
  value: unknown,
  status = 200,
  headers: Record<string, string> = {},
): Behaviour {
  const body = typeof value === "string" ? value : JSON.stringify(value);
  const all = {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    ...headers,
  };
  return (_, socket) => socket.write(`${head(status, all)}${body}`);
}

/** The head of an event stream and these texts, each in a chunk of its own; `end`: and its end. */
export function events(texts: readonly string[], { end = true } = {}): Behaviour {
  return (_, socket) => {
    const type = { "content-type": "text/event-stream", "transfer-encoding": "chunked" };
    socket.write(head(200, type));
    for (const text of texts) socket.write(chunk(text));
    if (end) socket.write("0\r\n\r\n");
  };
}

export function chunk(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}

export function head(status: number, headers: Record<string, unknown>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} Status\r\n${lines.join("")}\r\n`;
}

/** One after the other, the last one again and again. */
export function inTurn(...behaviours: Behaviour[]): Behaviour {
  let next = 0;
  return (request, socket) =>
    behaviours[Math.min(next++, behaviours.length - 1)]?.(request, socket);
}
