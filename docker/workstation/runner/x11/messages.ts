import type { XConnection } from "./connection.ts";

/** Who gets what is sent to the root window for the window manager (ICCCM 4.1.4). */
const substructure = (1 << 20) | (1 << 19);

/**
 * A request to the window manager: a ClientMessage about a window that goes to the root (X11 SendEvent;
 * EWMH "Root Window Properties").
 */
export function clientMessage(
  root: number,
  window: number,
  type: number,
  data: readonly number[],
): Buffer {
  const request = Buffer.alloc(44);
  request.writeUInt8(25, 0);
  request.writeUInt16LE(11, 2);
  request.writeUInt32LE(root, 4);
  request.writeUInt32LE(substructure, 8);
  request.writeUInt8(33, 12);
  request.writeUInt8(32, 13);
  request.writeUInt32LE(window, 16);
  request.writeUInt32LE(type, 20);
  data.slice(0, 5).forEach((value, at) => {
    request.writeInt32LE(value | 0, 24 + 4 * at);
  });
  return request;
}

/** ConfigureWindow: below all others. The server hands it to the window manager, which does it. */
export function lowerWindow(window: number): Buffer {
  const [stackMode, below] = [1 << 6, 1];
  const request = Buffer.alloc(16);
  request.writeUInt8(12, 0);
  request.writeUInt16LE(4, 2);
  request.writeUInt32LE(window, 4);
  request.writeUInt16LE(stackMode, 8);
  request.writeUInt32LE(below, 12);
  return request;
}

/** Bits of the first five buttons in a KEYBUTMASK. */
const buttonBits = 0x1f00;

/**
 * Where the pointer is, which child of `window` it is over (0: none), and whether a button is down; null
 * when the window is gone.
 */
export async function queryPointer(
  x: XConnection,
  window: number,
): Promise<{ x: number; y: number; child: number; isDown: boolean } | null> {
  const request = Buffer.alloc(8);
  request.writeUInt8(38, 0);
  request.writeUInt16LE(2, 2);
  request.writeUInt32LE(window, 4);
  const reply = await x.ask(request);
  if (!reply) return null;
  return {
    x: reply.readInt16LE(16),
    y: reply.readInt16LE(18),
    child: reply.readUInt32LE(12),
    isDown: (reply.readUInt16LE(24) & buttonBits) !== 0,
  };
}

/** QueryTree: a window's parent (0: none), and its children, the lowest first; null when it is gone. */
export async function queryTree(
  x: XConnection,
  window: number,
): Promise<{ parent: number; children: number[] } | null> {
  const request = Buffer.alloc(8);
  request.writeUInt8(15, 0);
  request.writeUInt16LE(2, 2);
  request.writeUInt32LE(window, 4);
  const reply = await x.ask(request);
  if (!reply) return null;
  const count = Math.min(reply.readUInt16LE(16), (reply.length - 32) >> 2);
  const children = Array.from({ length: count }, (_, at) => reply.readUInt32LE(32 + 4 * at));
  return { parent: reply.readUInt32LE(12), children };
}
