import { connect, type Socket } from "node:net";
import { NexoraError } from "../../../../src/contract/errors.ts";

/** Longest reply that is believed, in bytes. */
const maxReply = 16 * 1024 * 1024;

type Reply = (packet: Buffer | null) => void;

/**
 * The part of an X11 connection that is the same for all requests: set-up, sequence numbers,
 * cutting the stream into replies, errors and events. (X11 protocol, encoding, little-endian.)
 */
export class XConnection {
  /** The first screen's root window. */
  readonly root: number;
  private held = Buffer.alloc(0);
  private sequence = 0;
  private readonly waiting = new Map<number, Reply>();

  private constructor(
    private readonly socket: Socket,
    setup: Buffer,
    rest: Buffer,
    private readonly onEvent: (event: Buffer) => void,
  ) {
    const vendorLength = setup.readUInt16LE(24);
    const formats = setup.readUInt8(29);
    this.root = setup.readUInt32LE(40 + pad4(vendorLength) + 8 * formats);
    socket.on("data", (chunk: Buffer) => this.receive(chunk));
    socket.on("close", () => {
      for (const reply of this.waiting.values()) reply(null);
      this.waiting.clear();
    });
    if (rest.length > 0) this.receive(rest);
  }

  /**
   * Connects to a server's Unix socket; `onConnect` is called when the kernel has taken the
   * connection, which the server answers once it runs. Throws `display_failed` when it refuses.
   */
  static async open(
    path: string,
    onEvent: (event: Buffer) => void,
    onConnect: () => void = () => {},
  ): Promise<XConnection> {
    const socket = connect(path, onConnect);
    const { promise, resolve, reject } = Promise.withResolvers<XConnection>();
    const fail = (why: string) =>
      reject(new NexoraError("display_failed", `the X server at ${path} ${why}`));
    let held = Buffer.alloc(0);
    const onSetup = (chunk: Buffer) => {
      held = Buffer.concat([held, chunk]);
      if (held.length < 8) return;
      const length = 8 + 4 * held.readUInt16LE(6);
      if (held.length < length) return;
      if (held.readUInt8(0) !== 1) {
        fail("refused the connection");
        return;
      }
      socket.off("data", onSetup);
      resolve(new XConnection(socket, held.subarray(0, length), held.subarray(length), onEvent));
    };
    socket.on("data", onSetup);
    socket.on("error", (error) => fail(`cannot be reached (${error.message})`));
    socket.on("close", () => fail("closed the connection"));
    // 'l': little-endian; protocol 11.0; no authorization, since only our user reaches the socket.
    socket.write(Buffer.from([0x6c, 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
    return promise;
  }

  /** Sends a request that has no reply; an error to it is ignored. */
  send(request: Buffer): void {
    this.sequence = (this.sequence + 1) & 0xffff;
    this.socket.write(request);
  }

  /** Sends a request and resolves with its reply; null for an error or a closed connection. */
  ask(request: Buffer): Promise<Buffer | null> {
    if (this.socket.destroyed) return Promise.resolve(null);
    this.send(request);
    const { promise, resolve } = Promise.withResolvers<Buffer | null>();
    this.waiting.set(this.sequence, resolve);
    return promise;
  }

  close(): void {
    this.socket.destroy();
  }

  private receive(chunk: Buffer): void {
    let bytes = this.held.length > 0 ? Buffer.concat([this.held, chunk]) : chunk;
    while (bytes.length >= 32) {
      const type = bytes.readUInt8(0) & 0x7f;
      const hasBody = type === 1 || type === 35;
      const length = 32 + (hasBody ? 4 * bytes.readUInt32LE(4) : 0);
      if (length > maxReply) {
        this.close();
        return;
      }
      if (bytes.length < length) break;
      this.dispatch(type, bytes.subarray(0, length));
      bytes = bytes.subarray(length);
    }
    this.held = Buffer.from(bytes);
  }

  private dispatch(type: number, packet: Buffer): void {
    if (type > 1) {
      this.onEvent(packet);
      return;
    }
    const sequence = packet.readUInt16LE(2);
    const reply = this.waiting.get(sequence);
    this.waiting.delete(sequence);
    reply?.(type === 1 ? packet : null);
  }
}

export function pad4(length: number): number {
  return (length + 3) & ~3;
}
