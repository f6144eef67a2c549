/** Client-to-server messages (RFC 6143 §7.5), each as the bytes to send. */

/** Encodings and pseudo-encodings that we read (RFC 6143 §7.7 and the registry that it names). */
export const encoding = {
  raw: 0,
  copyRect: 1,
  zrle: 16,
  desktopSize: -223,
  lastRect: -224,
  cursor: -239,
  extendedDesktopSize: -308,
  fence: -312,
  /** In the registry: pointer events may name buttons beyond the eighth. */
  extendedMouseButtons: -316,
  /** In the registry: the clipboard is announced, and sent to whoever asks. */
  extendedClipboard: -0x3f5e_1a32,
  /** VMware's, in the registry of RFB encodings: the server tells when others move the pointer. */
  cursorPosition: 0x574d_5666,
} as const;

/** 32 bits a pixel, little-endian, shifts chosen so that memory reads R G B x. */
export function setPixelFormat(): Uint8Array {
  return Uint8Array.of(0, 0, 0, 0, 32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 0, 8, 16, 0, 0, 0);
}

/** The encodings that we understand, most wanted first. */
export function setEncodings(encodings: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 + 4 * encodings.length));
  view.setUint8(0, 2);
  view.setUint16(2, encodings.length);
  encodings.forEach((value, index) => {
    view.setInt32(4 + 4 * index, value);
  });
  return new Uint8Array(view.buffer);
}

export function framebufferUpdateRequest(
  incremental: boolean,
  area: { x: number; y: number; width: number; height: number },
): Uint8Array {
  const view = new DataView(new ArrayBuffer(10));
  view.setUint8(0, 3);
  view.setUint8(1, incremental ? 1 : 0);
  view.setUint16(2, area.x);
  view.setUint16(4, area.y);
  view.setUint16(6, area.width);
  view.setUint16(8, area.height);
  return new Uint8Array(view.buffer);
}

/** Key events, one after the other, as one run of bytes. */
export function keyEvents(events: readonly { keysym: number; down: boolean }[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(8 * events.length));
  events.forEach(({ keysym, down }, index) => {
    view.setUint8(8 * index, 4);
    view.setUint8(8 * index + 1, down ? 1 : 0);
    view.setUint32(8 * index + 4, keysym);
  });
  return new Uint8Array(view.buffer);
}

/**
 * `buttons`: a bit for each button that is down, the left one first. `extended`: as the server reads
 * it that has said so (the community's RFB specification, "ExtendedMouseButtons"): the eighth bit says
 * that there is a second byte, which has the eighth button and the ninth.
 */
export function pointerEvent(x: number, y: number, buttons: number, extended = false): Uint8Array {
  const more = extended && buttons > 0x7f;
  const view = new DataView(new ArrayBuffer(more ? 7 : 6));
  view.setUint8(0, 5);
  view.setUint8(1, more ? (buttons & 0x7f) | 0x80 : buttons);
  view.setUint16(2, x);
  view.setUint16(4, y);
  if (more) view.setUint8(6, buttons >> 7);
  return new Uint8Array(view.buffer);
}

/** Flags of extended clipboard messages: a format, and what the message, or its sender, does. */
export const clipboardFlag = { text: 1, caps: 1 << 24, notify: 1 << 27 } as const;

/**
 * ClientCutText of the extended clipboard (the community's RFB specification): tell this side about a new
 * clipboard, and send none of it. A server would fetch each one otherwise, from programs of which
 * some serve one reader at a time.
 */
export function clipboardCaps(): Uint8Array {
  const view = new DataView(new ArrayBuffer(16));
  view.setUint8(0, 6);
  view.setInt32(4, -8);
  view.setUint32(8, clipboardFlag.caps | clipboardFlag.notify | clipboardFlag.text);
  // The longest text that is sent without being asked for: none.
  view.setUint32(12, 0);
  return new Uint8Array(view.buffer);
}

/** Flags of a fence: what it waits for, and whether it asks for an answer. */
export const fenceFlag = { blockBefore: 1, blockAfter: 2, syncNext: 4, request: 0x8000_0000 };

/** Fence, of at most 64 bytes (the community's RFB specification, "ClientFence"). */
export function clientFence(flags: number, payload: Uint8Array): Uint8Array {
  const message = new Uint8Array(9 + payload.length);
  message[0] = 248;
  const view = new DataView(message.buffer);
  view.setUint32(4, flags >>> 0);
  view.setUint8(8, payload.length);
  message.set(payload, 9);
  return message;
}

/** One screen of an extended desktop. */
export interface Screen {
  id: number;
  x: number;
  y: number;
  width: number;
  height: number;
  flags: number;
}

/** Asks for another size of the desktop, with one screen that fills it. */
export function setDesktopSize(width: number, height: number, screen: Screen | null): Uint8Array {
  const view = new DataView(new ArrayBuffer(24));
  view.setUint8(0, 251);
  view.setUint16(2, width);
  view.setUint16(4, height);
  view.setUint8(6, 1);
  view.setUint32(8, screen?.id ?? 0);
  view.setUint16(16, width);
  view.setUint16(18, height);
  view.setUint32(20, screen?.flags ?? 0);
  return new Uint8Array(view.buffer);
}
