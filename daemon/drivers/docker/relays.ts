import { createServer, type Server, type Socket } from "node:net";
import { type Duplex, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type Docker from "dockerode";
import { NexoraError } from "../../../src/contract/errors.ts";
import type { Address, Channel, WorkstationRef } from "../driver.ts";
import { engineError } from "./errors.ts";
import { label } from "./labels.ts";
import { demultiplex } from "./output.ts";

const hostname = "127.0.0.1";

/**
 * Where workstations are reached. One with a network publishes its ports itself. For one without,
 * the driver listens in its place and carries each connection through an exec of the engine's.
 */
export class Relays {
  private readonly networks = new Map<string, Promise<string>>();
  private readonly servers = new Map<string, Map<Channel, Promise<Server>>>();

  constructor(private readonly docker: Docker) {}

  async address(
    ref: WorkstationRef,
    channel: Channel,
    port: number,
    signal?: AbortSignal,
  ): Promise<Address> {
    if ((await this.network(ref.handle, signal)) === "none") {
      await this.listening(ref.handle, channel, port);
    }
    return { hostname, port };
  }

  /** Ends a workstation's listeners and connections. */
  drop(handle: string): void {
    this.networks.delete(handle);
    for (const server of this.servers.get(handle)?.values() ?? []) {
      server.then(closeServer, () => {});
    }
    this.servers.delete(handle);
  }

  close(): void {
    for (const handle of [...this.servers.keys()]) this.drop(handle);
  }

  /** A container's kind of network never changes, so the engine is asked once. */
  private network(handle: string, signal?: AbortSignal): Promise<string> {
    const known = this.networks.get(handle);
    if (known) return known;
    const asked = this.docker
      .getContainer(handle)
      .inspect(signal ? { abortSignal: signal } : {})
      .then(({ Config }) => Config.Labels[label.network] ?? "full")
      .catch((error) => {
        this.networks.delete(handle);
        throw engineError(error, "find the workstation");
      });
    this.networks.set(handle, asked);
    return asked;
  }

  private listening(handle: string, channel: Channel, port: number): Promise<Server> {
    const channels = this.servers.get(handle) ?? new Map<Channel, Promise<Server>>();
    this.servers.set(handle, channels);
    const known = channels.get(channel);
    if (known) return known;
    const server = listen(port, (socket) => this.carry(handle, channel, socket));
    channels.set(channel, server);
    server.catch(() => channels.delete(channel));
    return server;
  }

  /** Joins a connection to the workstation's own port until either side ends. */
  private async carry(handle: string, channel: Channel, socket: Socket): Promise<void> {
    let inside: Duplex | undefined;
    try {
      inside = await this.dialInside(handle, channel);
      inside.on("error", () => socket.destroy());
      socket.pipe(inside);
      await pipeline(Readable.from(outputOf(inside)), socket);
    } catch {
      // Either side has gone; who dialled sees its connection end.
    } finally {
      inside?.destroy();
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
