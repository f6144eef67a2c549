import { rmSync } from "node:fs";
import { connect } from "node:net";
import { pipeline } from "node:stream/promises";
import { serveUnix } from "../http/unix.ts";
import type { Service } from "./service.ts";
import type { ServiceStream } from "./service-stream.ts";

export interface HttpServiceOptions {
  name: string;
  /** Port of 127.0.0.1 inside. */
  port: number;
  /** Path of a Unix socket of its own, in a folder that only the user can enter. */
  socket: string;
  fetch: (request: Request) => Response | Promise<Response>;
}

/**
 * Answers the HTTP of programs inside. What the tunnel carries is bytes, and Bun.serve reads requests only
 * off connections that it has accepted itself: so the streams are led to a Unix socket.
 */
export class HttpService implements Service {
  readonly name: string;
  readonly port: number;
  private readonly server: Bun.Server<undefined>;

  constructor(private readonly options: HttpServiceOptions) {
    const { name, port, socket, fetch } = options;
    this.name = name;
    this.port = port;
    this.server = serveUnix(socket, {
      fetch,
      maxRequestBodySize: Number.MAX_SAFE_INTEGER,
      idleTimeout: 0,
      development: false,
      error: () => new Response(null, { status: 500 }),
    });
  }

  async connect(_session: string, stream: ServiceStream): Promise<void> {
    const socket = connect({ path: this.options.socket, allowHalfOpen: true });
    const drop = () => socket.destroy();
    stream.signal.addEventListener("abort", drop, { once: true });
    // That it ends early is told by the other direction.
    void pipeline(stream, socket).catch(() => {});
    try {
      for await (const bytes of socket) await stream.write(bytes);
    } finally {
      stream.signal.removeEventListener("abort", drop);
      socket.destroy();
    }
  }

  /** Ends open requests. */
  async close(): Promise<void> {
    await this.server.stop(true);
    rmSync(this.options.socket, { force: true });
  }
}
