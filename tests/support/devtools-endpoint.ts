/**
 * A program that answers like a browser's DevTools endpoint, to be compiled and run in a
 * workstation: `/json/version` names its WebSocket by the Host it was asked for, and the
 * WebSocket repeats what it gets.
 */
export const devtoolsEndpoint = import.meta.path;

if (import.meta.main) {
  Bun.serve({
    hostname: "127.0.0.1",
    port: 9222,
    fetch(request, server) {
      if (server.upgrade(request)) return undefined;
      const host = request.headers.get("host");
      return Response.json({ webSocketDebuggerUrl: `ws://${host}/devtools/browser/1` });
    },
    websocket: {
      maxPayloadLength: 64 * 1024 * 1024,
      message: (socket, message) => void socket.send(message),
    },
  });
}
