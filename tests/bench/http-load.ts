import type { Socket } from "bun";

/** A request that is sent again and again, and the server that it goes to. */
export interface Target {
  url: URL;
  headers: Record<string, string>;
  body: string;
}

/**
 * One caller: a connection that stays, and one request at a time. It reads no more of a reply than
 * where it ends, so that it costs the machine little beside what is measured.
 */
export class HttpCaller implements Disposable {
  private reply = Buffer.alloc(0);
  private settle: { resolve(): void; reject(error: Error): void } | null = null;

  private constructor(
    private readonly request: Buffer,
    private readonly sends: RegExp,
    private readonly socket: () => Socket,
  ) {}

  /** `sends`: what each good reply has in it. */
  static async connect({ url, headers, body }: Target, sends: RegExp): Promise<HttpCaller> {
    const lines = Object.entries({
      host: url.host,
      "content-type": "application/json",
      "content-length": String(Buffer.byteLength(body)),
      ...headers,
    }).map(([name, value]) => `${name}: ${value}\r\n`);
    const head = `POST ${url.pathname} HTTP/1.1\r\n${lines.join("")}\r\n`;
    const open: { socket?: Socket } = {};
    const caller = new HttpCaller(Buffer.from(head + body), sends, () => {
      if (!open.socket) throw new Error(`${url.host} is not connected`);
      return open.socket;
    });
    open.socket = await Bun.connect({
      hostname: url.hostname,
      port: Number(url.port),
      socket: {
        data: (_, bytes) => caller.take(bytes),
        close: () => caller.lost(url.host),
        error: () => caller.lost(url.host),
      },
    });
    return caller;
  }

  /** Sends the request, and resolves when its reply has ended. Throws when that is no good one. */
  async call(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.settle = { resolve, reject };
    this.socket().write(this.request);
    await promise;
  }

  private take(bytes: Uint8Array): void {
    this.reply = this.reply.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.reply, bytes]);
    if (!this.isWhole()) return;
    const text = this.reply.toString("latin1");
    this.reply = Buffer.alloc(0);
    const good = text.startsWith("HTTP/1.1 200") && this.sends.test(text);
    if (good) this.settle?.resolve();
    else this.settle?.reject(new Error(`no good reply: ${text.slice(0, 1000)}`));
  }

  /** By its length, or the last of its chunks (RFC 9112, section 6.3). */
  private isWhole(): boolean {
    const end = this.reply.indexOf("\r\n\r\n");
    if (end < 0) return false;
    const head = this.reply.subarray(0, end).toString("latin1").toLowerCase();
    const length = /content-length: (\d+)/.exec(head)?.[1];
    if (length !== undefined) return this.reply.length >= end + 4 + Number(length);
    return this.reply.subarray(-7).toString("latin1").endsWith("\r\n0\r\n\r\n");
  }

  private lost(host: string): void {
    this.settle?.reject(new Error(`${host} has closed`));
  }

  [Symbol.dispose](): void {
    this.socket().end();
  }
}

/** Milliseconds of `count` requests, shared by `callers` that go on at once. */
export async function load(
  target: Target,
  sends: RegExp,
  { callers, count, signal }: { callers: number; count: number; signal: AbortSignal },
): Promise<{ each: number[]; total: number }> {
  const open = await Promise.all(
    Array.from({ length: callers }, () => HttpCaller.connect(target, sends)),
  );
  const each: number[] = [];
  let left = count;
  const start = performance.now();
  try {
    await Promise.all(
      open.map(async (caller) => {
        while (left-- > 0) {
          signal.throwIfAborted();
          const begun = performance.now();
          await caller.call();
          each.push(performance.now() - begun);
        }
      }),
    );
    return { each, total: performance.now() - start };
  } finally {
    for (const caller of open) caller[Symbol.dispose]();
  }
}
