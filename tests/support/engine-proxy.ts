import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Stands between a daemon and the engine; the connection can be cut as if the engine had gone, or
 * be left open without an answer, as if it hung.
 */
export class EngineProxy implements AsyncDisposable {
  private readonly folder = mkdtempSync(join(tmpdir(), "nexora-engine-"));
  private readonly path = join(this.folder, "docker.sock");
  private readonly sockets = new Set<Socket>();
  private server: Server | null = null;
  /** Requests that are swallowed, with all that follows on their connections. */
  private swallowed: RegExp | null = null;
  /** Connections that were tried, also in vain ones' place: none are while it is cut. */
  accepted = 0;

  private constructor(private engine: string) {}

  static async open(engine = "/var/run/docker.sock"): Promise<EngineProxy> {
    const proxy = new EngineProxy(engine);
    await proxy.restore();
    return proxy;
  }

  /** What goes into DOCKER_HOST. */
  get url(): string {
    return `unix://${this.path}`;
  }

  /** From now on another engine is at the end: whoever was connected has to do it anew. */
  async lead(engine: string): Promise<void> {
    await this.cut();
    this.engine = engine;
    await this.restore();
  }

  /** Every connection breaks, and nobody listens. */
  async cut(): Promise<void> {
    const { server } = this;
    this.server = null;
    if (!server) return;
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
    rmSync(this.path, { force: true });
  }

  /** From now on, requests whose first line matches are read and never answered. */
  hang(requests = /./): void {
    this.swallowed = requests;
  }

  /** Whoever was not answered is told that the connection broke, and all works again. */
  async restore(): Promise<void> {
    if (this.swallowed) await this.cut();
    this.swallowed = null;
    if (this.server) return;
    // The engine half-closes hijacked streams.
    const server = createServer({ allowHalfOpen: true }, (client) => this.carry(client));
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen(this.path, resolve);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cut();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private carry(client: Socket): void {
    this.accepted++;
    const engine = connect({ path: this.engine, allowHalfOpen: true });
    for (const [socket, other] of [
      [client, engine],
      [engine, client],
    ] as const) {
      this.sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        this.sockets.delete(socket);
        other.destroy();
      });
    }
    let hangs = false;
    client.on("data", (bytes: Buffer) => {
      hangs ||=
        this.swallowed?.test(bytes.toString("latin1", 0, 1024).split("\r\n")[0] ?? "") ?? false;
      if (!hangs && !engine.write(bytes)) {
        client.pause();
        engine.once("drain", () => client.resume());
      }
    });
    client.on("end", () => engine.end());
    engine.pipe(client);
  }
}
