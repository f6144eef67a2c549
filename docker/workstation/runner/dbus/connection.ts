import { connect, type Socket } from "node:net";
import { NexoraError } from "../../../../src/contract/errors.ts";
import { type Call, decodeReply, encodeCall, lengthOf, type Reply } from "./message.ts";
import type { Value } from "./reader.ts";

/** Longest message that is believed, in bytes. */
const maxMessage = 16 * 1024 * 1024;
/** How long a bus may take to let us in, in milliseconds. */
const admissionMs = 2_000;

/** The bus itself, to which questions about its connections go. */
export const theBus = {
  destination: "org.freedesktop.DBus",
  path: "/org/freedesktop/DBus",
  interface: "org.freedesktop.DBus",
} as const;

interface Waiting {
  resolve(values: Value[]): void;
  reject(error: Error): void;
  timer: Timer;
}

/** A D-Bus connection to call methods with, as many at once as one likes. Signals are passed over. */
export class BusConnection {
  private held = Buffer.alloc(0);
  private serial = 0;
  private readonly waiting = new Map<number, Waiting>();

  private constructor(private readonly socket: Socket) {
    socket.on("data", (chunk: Buffer) => this.receive(chunk));
    socket.on("close", () => {
      for (const { reject, timer } of this.waiting.values()) {
        clearTimeout(timer);
        reject(failed("the bus has closed the connection"));
      }
      this.waiting.clear();
    });
  }

  /** Connects to a bus by its address (`unix:path=…`). Throws `action_failed`. */
  static async open(address: string): Promise<BusConnection> {
    const path = /(?:^|;)unix:(?:[^;]*,)?path=([^,;]+)/.exec(address)?.[1];
    if (!path) throw failed(`no socket is named by ${JSON.stringify(address)}`);
    const socket = connect(decodeURIComponent(path));
    await admitted(socket);
    const bus = new BusConnection(socket);
    const path_ = "/org/freedesktop/DBus";
    const name = "org.freedesktop.DBus";
    const hello = { destination: name, path: path_, interface: name, member: "Hello" };
    try {
      await bus.call(hello, admissionMs);
    } catch (error) {
      bus.close();
      throw error;
    }
    return bus;
  }

  get closed(): boolean {
    return this.socket.destroyed;
  }

  /**
   * Calls a method and resolves with what it returns. Throws `action_failed` when it fails, and
   * `timeout` when nothing has come within `ms` milliseconds.
   */
  call(call: Call, ms: number): Promise<Value[]> {
    if (this.socket.destroyed) return Promise.reject(failed("the bus has closed the connection"));
    this.serial = this.serial === 0xffff_ffff ? 1 : this.serial + 1;
    const serial = this.serial;
    const { promise, resolve, reject } = Promise.withResolvers<Value[]>();
    const timer = setTimeout(() => {
      this.waiting.delete(serial);
      reject(new NexoraError("timeout", `the program has not answered within ${ms} ms`));
    }, ms);
    this.waiting.set(serial, { resolve, reject, timer });
    this.socket.write(encodeCall(call, serial));
    return promise;
  }

  close(): void {
    this.socket.destroy();
  }

  private receive(chunk: Buffer): void {
    let bytes = this.held.length > 0 ? Buffer.concat([this.held, chunk]) : chunk;
    let length = lengthOf(bytes);
    while (length !== null && length <= bytes.length) {
      this.take(bytes.subarray(0, length));
      bytes = bytes.subarray(length);
      length = lengthOf(bytes);
    }
    this.held = Buffer.from(bytes);
    if (length !== null && length > maxMessage) this.close();
  }

  private take(message: Buffer): void {
    let reply: Reply | null;
    try {
      reply = decodeReply(message);
    } catch {
      return; // Whoever waits for it does so in vain.
    }
    const waiting = reply && this.waiting.get(reply.to);
    if (!reply || !waiting) return;
    this.waiting.delete(reply.to);
    clearTimeout(waiting.timer);
    try {
      if (reply.error === null) waiting.resolve(reply.values());
      else waiting.reject(failed(reply.error));
    } catch {
      waiting.reject(failed("the program's reply cannot be read"));
    }
  }
}

/** Resolves when the bus has let us in, as who the kernel says that we are (SASL EXTERNAL). */
async function admitted(socket: Socket): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const refuse = (why: string) => () => reject(failed(`the bus cannot be reached: ${why}`));
  const timer = setTimeout(refuse("no answer"), admissionMs);
  let said = "";
  const listen = (chunk: Buffer) => {
    said += chunk.toString("latin1");
    if (!said.includes("\n") && said.length < 1000) return;
    if (said.startsWith("OK ")) resolve();
    else refuse("it refuses us")();
  };
  const broken = (error: Error) => refuse(error.message)();
  socket.on("data", listen).on("error", broken).on("close", refuse("it has closed"));
  const uid = Buffer.from(String(process.getuid?.() ?? 0)).toString("hex");
  socket.write(`\0AUTH EXTERNAL ${uid}\r\n`);
  try {
    await promise;
    socket.write("BEGIN\r\n");
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
    socket.off("data", listen);
  }
}

function failed(why: string): NexoraError {
  return new NexoraError("action_failed", why);
}
