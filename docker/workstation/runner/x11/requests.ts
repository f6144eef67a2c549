import { pad4, type XConnection } from "./connection.ts";

/** Event masks and codes of the X11 protocol. */
export const eventMask = {
  structureNotify: 1 << 17,
  substructureNotify: 1 << 19,
  propertyChange: 1 << 22,
} as const;
export const eventCode = { destroyNotify: 17, configureNotify: 22, propertyNotify: 28 } as const;

export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The number of a name; 0 when the server failed. */
export async function internAtom(x: XConnection, name: string): Promise<number> {
  const length = pad4(name.length);
  const request = Buffer.alloc(8 + length);
  request.writeUInt8(16, 0);
  request.writeUInt16LE(2 + length / 4, 2);
  request.writeUInt16LE(name.length, 4);
  request.write(name, 8, "latin1");
  return (await x.ask(request))?.readUInt32LE(8) ?? 0;
}

/** QueryExtension: the number that its requests begin with; 0 when the server lacks it. */
export async function opcodeOf(x: XConnection, extension: string): Promise<number> {
  const request = Buffer.alloc(8 + pad4(extension.length));
  request.writeUInt8(98, 0);
  request.writeUInt16LE(request.length / 4, 2);
  request.writeUInt16LE(extension.length, 4);
  request.write(extension, 8, "latin1");
  const reply = await x.ask(request);
  return reply?.readUInt8(8) === 1 ? reply.readUInt8(9) : 0;
}

/** The first 64 KiB of a property's value; null when the window or the property is missing. */
export async function getProperty(
  x: XConnection,
  window: number,
  property: number,
): Promise<Buffer | null> {
  const request = Buffer.alloc(24);
  request.writeUInt8(20, 0);
  request.writeUInt16LE(6, 2);
  request.writeUInt32LE(window, 4);
  request.writeUInt32LE(property, 8);
  request.writeUInt32LE(16 * 1024, 20);
  const reply = await x.ask(request);
  if (!reply) return null;
  const bytesPerItem = reply.readUInt8(1) / 8;
  if (bytesPerItem === 0) return null;
  return reply.subarray(32, 32 + reply.readUInt32LE(16) * bytesPerItem);
}

/** The 32-bit items of a property: windows, atoms, cardinals. */
export async function getNumbers(
  x: XConnection,
  window: number,
  property: number,
): Promise<number[]> {
  const value = await getProperty(x, window, property);
  if (!value) return [];
  return Array.from({ length: value.length >> 2 }, (_, index) => value.readUInt32LE(index * 4));
}

/** Asks for a window's events. */
export function selectEvents(x: XConnection, window: number, mask: number): void {
  changeAttribute(x, window, 0x800, mask);
}

/** Gives a window a background of one colour, a pixel's value, and shows it. */
export function paintBackground(x: XConnection, window: number, pixel: number): void {
  changeAttribute(x, window, 2, pixel);
  const clearArea = Buffer.alloc(16); // All zeros: the whole window.
  clearArea.writeUInt8(61, 0);
  clearArea.writeUInt16LE(4, 2);
  clearArea.writeUInt32LE(window, 4);
  x.send(clearArea);
}

/** ChangeWindowAttributes of the one attribute that `bit` stands for. */
function changeAttribute(x: XConnection, window: number, bit: number, value: number): void {
  const request = Buffer.alloc(16);
  request.writeUInt8(2, 0);
  request.writeUInt16LE(4, 2);
  request.writeUInt32LE(window, 4);
  request.writeUInt32LE(bit, 8);
  request.writeUInt32LE(value, 12);
  x.send(request);
}

/** Where a window's inside lies on the screen; null when it is gone. */
export async function getRectangle(x: XConnection, window: number): Promise<Rectangle | null> {
  const translate = Buffer.alloc(16);
  translate.writeUInt8(40, 0);
  translate.writeUInt16LE(4, 2);
  translate.writeUInt32LE(window, 4);
  translate.writeUInt32LE(x.root, 8);
  const [size, place] = await Promise.all([x.ask(windowRequest(14, window)), x.ask(translate)]);
  if (!size || !place) return null;
  return {
    x: place.readInt16LE(12),
    y: place.readInt16LE(14),
    width: size.readUInt16LE(16),
    height: size.readUInt16LE(18),
  };
}

/**
 * What a child of the root takes of the screen, with its border; null when it shows nothing there: it is
 * gone, not mapped, or only takes input.
 */
export async function getOutline(x: XConnection, window: number): Promise<Rectangle | null> {
  const [inputOutput, viewable] = [1, 2];
  const [attributes, geometry] = await Promise.all([
    x.ask(windowRequest(3, window)),
    x.ask(windowRequest(14, window)),
  ]);
  if (!attributes || !geometry) return null;
  if (attributes.readUInt16LE(12) !== inputOutput) return null;
  if (attributes.readUInt8(26) !== viewable) return null;
  const border = 2 * geometry.readUInt16LE(20);
  return {
    x: geometry.readInt16LE(12),
    y: geometry.readInt16LE(14),
    width: geometry.readUInt16LE(16) + border,
    height: geometry.readUInt16LE(18) + border,
  };
}

/** A request whose only argument is a window. */
function windowRequest(code: number, window: number): Buffer {
  const request = Buffer.alloc(8);
  request.writeUInt8(code, 0);
  request.writeUInt16LE(2, 2);
  request.writeUInt32LE(window, 4);
  return request;
}
