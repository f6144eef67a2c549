import type { TCPSocketListener } from "bun";
import type { Offer } from "../../../../src/tunnel/protocol.ts";
import { InsideConnection } from "./connection.ts";

/**
 * Listens for programs inside, on loopback only: nobody else reaches it. Throws the system's error,
 * for example EADDRINUSE.
 */
export function listenInside(
  { port }: Offer,
  accept: (connection: InsideConnection) => void,
): TCPSocketListener<InsideConnection> {
  return Bun.listen<InsideConnection>({
    hostname: "127.0.0.1",
    port,
    // A program may end its sending and still read: that is passed on, not taken for its end.
    allowHalfOpen: true,
    socket: {
      open(socket) {
        socket.data = new InsideConnection(socket);
        accept(socket.data);
      },
      data: ({ data }, bytes) => data.received(bytes),
      end: ({ data }) => data.endReceived(),
      drain: ({ data }) => data.writable(),
      close: ({ data }, error) => data.closed(error),
      // `close` follows.
      error: () => {},
    },
  });
}
