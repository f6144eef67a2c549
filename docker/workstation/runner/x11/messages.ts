import type { XConnection } from "./connection.ts";

/** Who gets what is sent to the root window for the window manager (ICCCM 4.1.4). */
const substructure = (1 << 20) | (1 << 19);

/**
 * Asks the window manager for something, by a ClientMessage about a window that goes to the root
 * (X11 SendEvent; EWMH "Root Window Properties").
 */
export function askManager(
  x: XConnection,
  window: number,
  type: number,
  data: readonly number[],
): void {
  const request = Buffer.alloc(44);
  request.writeUInt8(25, 0);
  request.writeUInt16LE(11, 2);
  request.writeUInt32LE(x.root, 4);
  request.writeUInt32LE(substructure, 8);
  request.writeUInt8(33, 12);
  request.writeUInt8(32, 13);
  request.writeUInt32LE(window, 16);
  request.writeUInt32LE(type, 20);
  data.slice(0, 5).forEach((value, at) => {
    request.writeInt32LE(value | 0, 24 + 4 * at);
  });
  x.send(request);
}

/** Where the pointer is, and which child of `window` it is over (0: none); null when it is gone. */
export async function queryPointer(
  x: XConnection,
  window: number,
): Promise<{ x: number; y: number; child: number } | null> {
  const request = Buffer.alloc(8);
  request.writeUInt8(38, 0);
  request.writeUInt16LE(2, 2);
  request.writeUInt32LE(window, 4);
  const reply = await x.ask(request);
  if (!reply) return null;
  return { x: reply.readInt16LE(16), y: reply.readInt16LE(18), child: reply.readUInt32LE(12) };
}
