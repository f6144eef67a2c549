import { RfbError } from "./error.ts";
import { checkLength, checkSize, limits } from "./limits.ts";
import { type Reading, readU8, readU32, readView } from "./reader.ts";
import { vncAuthResponse } from "./vnc-auth.ts";

export interface ServerInit {
  /** In pixels. */
  width: number;
  height: number;
  name: string;
}

const vncAuth = 2;

/**
 * RFC 6143 §7.1–7.3: protocol version 3.8, VncAuth, a shared ClientInit, ServerInit.
 * Throws an RfbError when the server speaks something else or refuses the password.
 */
export function* handshake(
  password: string,
  send: (bytes: Uint8Array) => void,
): Reading<ServerInit> {
  const version = /^RFB (\d{3})\.(\d{3})\n$/.exec(ascii(yield 12));
  if (!version) throw new RfbError("what listens on the VNC port does not speak RFB");
  const [major, minor] = [Number(version[1]), Number(version[2])];
  if (major !== 3 || minor < 8) {
    throw new RfbError(`the display speaks RFB ${major}.${minor}; 3.8 is needed`);
  }
  send(new TextEncoder().encode("RFB 003.008\n"));

  const count = yield* readU8();
  if (count === 0) throw new RfbError(`the display refused the connection: ${yield* readReason()}`);
  const types = Array.from(yield count);
  if (!types.includes(vncAuth)) {
    throw new RfbError(`the display offers no VncAuth (security types ${types.join(", ")})`);
  }
  send(Uint8Array.of(vncAuth));
  send(vncAuthResponse(password, yield 16));

  if ((yield* readU32()) !== 0) {
    throw new RfbError(`the display refused the password: ${yield* readReason()}`);
  }
  const shared = 1;
  send(Uint8Array.of(shared));

  const init = yield* readView(24);
  const [width, height, nameLength] = [init.getUint16(0), init.getUint16(2), init.getUint32(20)];
  checkSize(width, height);
  checkLength("the desktop's name", nameLength, limits.string);
  return { width, height, name: new TextDecoder().decode(yield nameLength) };
}

/** A reason, made fit to print. */
function* readReason(): Reading<string> {
  const length = yield* readU32();
  checkLength("the reason", length, limits.string);
  const text = new TextDecoder().decode(yield length);
  return text.replace(/[\x00-\x1f\x7f-\x9f]+/g, " ").slice(0, 500);
}

function ascii(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
