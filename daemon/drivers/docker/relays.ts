import { createServer, type Server, type Socket } from "node:net";
import { type Duplex, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type Docker from "dockerode";
import { NexoraError } from "../../../src/contract/errors.ts";
import type { Channel, WorkstationRef } from "../driver.ts";
import { demultiplex } from "./output.ts";

/** Where workstations are reached, whoever listens. */
export const hostname = "127.0.0.1";

/**
 * Doors of workstations without a network: in their place the driver listens on their ports, and
 * carries each connection through an exec of the engine's.
 */
export class Relays {
  private readonly servers = new Map<string, Map<Channel, Promise<Server>>>();

  constructor(private readonly docker: Docker) {}

  /** Listens for a workstation, unless it does already. Throws `conflict` with the port in `details`. */
  async open(ref: WorkstationRef, channel: Channel, port: number): Promise<void> {
    const channels = this.servers.get(ref.session) ?? new Map<Channel, Promise<Server>>();
    this.servers.set(ref.session, channels);
    let server = channels.get(channel);
    if (!server) {
      server = listen(port, (socket) => this.carry(ref.handle, channel, socket));
      channels.set(channel, server);
      server.catch(() => channels.delete(channel));
    }
    await server;
  }

  /** Ends a session's listeners and connections. */
  drop(session: string): void {
    for (const server of this.servers.get(session)?.values() ?? []) {
      server.then(closeServer, () => {});
    }
    this.servers.delete(session);
  }

  close(): void {
    for (const session of [...this.servers.keys()]) this.drop(session);
  }

  /** Joins a connection to the workstation's own port until either side ends. */
  private async carry(handle: string, channel: Channel, socket: Socket): Promise<void> {
    try {
      const inside = await this.dialInside(handle, channel);
      const leave = () => inside.destroy();
      inside.on("error", () => socket.destroy());
      // The pipeline alone would not leave before something came from inside, which may be never.
      socket.on("close", leave);
      if (socket.destroyed) leave();
      socket.pipe(inside);
      await pipeline(Readable.from(outputOf(inside)), socket);
    } catch {
      // Either side has gone; who dialled sees its connection end.
    } finally {
      socket.destroy();
    }
  }

  private async dialInside(handle: string, channel: Channel): Promise<Duplex> {
    const exec = await this.docker.getContainer(handle).exec({
      Cmd: ["/usr/lib/nexora/runner", "dial", channel],
      AttachStdin: true,
      AttachStdout: true,
    });
    return exec.start({ hijack: true, stdin: true });
  }
}

async function* outputOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const { stream, bytes } of demultiplex(source)) if (stream === "stdout") yield bytes;
}

function listen(port: number, accept: (socket: Socket) => void): Promise<Server> {
  const { promise, resolve, reject } = Promise.withResolvers<Server>();
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    accept(socket);
  });
  server.once("error", (cause) => {
    const details = { port };
    const why = `the port ${port} is held by another program`;
    reject(new NexoraError("conflict", why, { details, cause }));
  });
  server.once("listening", () => resolve(server));
  server.on("drop-connections", () => {
    for (const socket of sockets) socket.destroy();
  });
  server.listen(port, hostname);
  return promise;
}

function closeServer(server: Server): void {
  server.close();
  server.emit("drop-connections");
}
