import { within } from "../../src/abort.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import { RfbError } from "../../src/rfb/error.ts";
import { type Address, addressText } from "../address.ts";
import { Connection } from "./connection.ts";

export type DisplayAddress = Address & {
  password: string;
  /** The size that the display was made with: it may become smaller, or as large of another shape. */
  size?: { width: number; height: number };
};

/**
 * Connects to a display and waits for its first whole frame.
 * Throws `display_failed` when it cannot be reached, refuses us, or breaks the protocol, and the
 * signal's reason when that aborts.
 */
export async function connect(address: DisplayAddress, signal: AbortSignal): Promise<Connection> {
  const { password, size } = address;
  const options = { password, ...(size ? { maxPixels: size.width * size.height } : {}) };
  let connection: Connection | null = null;
  const ended = (why: string) => connection?.close(new RfbError(why));
  const socket: Bun.SocketHandler = {
    open(socket) {
      socket.setNoDelay(true);
      connection = new Connection(socket, options);
    },
    data: (_, bytes) => connection?.received(bytes),
    drain: () => connection?.drained(),
    end: () => ended("the display closed the connection"),
    close: () => ended("the connection to the display was lost"),
    error: (_, error) => ended(`the connection to the display failed (${error.message})`),
  };
  const opening =
    "socket" in address
      ? Bun.connect({ unix: address.socket, socket })
      : Bun.connect({ hostname: address.hostname, port: address.port, socket });
  try {
    await within(opening, signal);
    const opened = connection as Connection | null;
    if (!opened) throw new RfbError("the display closed the connection");
    await within(opened.ready, signal);
    return opened;
  } catch (error) {
    const reason = error instanceof Error ? error : new RfbError(String(error));
    // It may still open, after we have given up on it.
    opening.then((socket) => socket.terminate()).catch(() => {});
    (connection as Connection | null)?.close(reason);
    if (signal.aborted || reason instanceof NexoraError) throw reason;
    throw new RfbError(`no display answers on ${addressText(address)} (${reason.message})`, {
      cause: error,
    });
  }
}
