import type { XConnection } from "./connection.ts";
import { opcodeOf } from "./requests.ts";

/** XI2proto, 2.2: minor opcodes, types of events, and what stands for all pointers and keyboards. */
const [selectEvents, queryVersion] = [46, 47];
const [rawKeyPress, rawButtonPress] = [13, 15];
const allMasterDevices = 1;
/** X11 protocol: GetKeyboardMapping, the type of extensions' events, and keycodes, of which there are 248. */
const [getKeyboardMapping, genericEvent, firstKeycode, keycodes] = [101, 35, 8, 248];
/** Keysyms of the keys that go up a page. */
const pageUp = [0xff55, 0xff9a];
const [wheelUp, wheelDown] = [4, 5];

/** What somebody has done that may scroll. */
export interface Scrolled {
  by: "wheel" | "key";
  direction: "up" | "down";
}

/** Hears of the wheel and of Page Up, whichever window has them (XInput 2, raw events). */
export class Scrolling {
  private constructor(
    /** 0: the server lacks the extension, and nothing is heard. */
    private readonly opcode: number,
    private readonly upKeys: ReadonlySet<number>,
  ) {}

  static async open(x: XConnection): Promise<Scrolling> {
    const opcode = await opcodeOf(x, "XInputExtension");
    if (opcode === 0) return new Scrolling(0, new Set());
    const version = Buffer.from([opcode, queryVersion, 2, 0, 2, 0, 2, 0]);
    const select = Buffer.alloc(20);
    select.set([opcode, selectEvents, 5, 0]);
    select.writeUInt32LE(x.root, 4);
    select.writeUInt16LE(1, 8);
    select.writeUInt16LE(allMasterDevices, 12);
    select.writeUInt16LE(1, 14);
    select.writeUInt32LE((1 << rawKeyPress) | (1 << rawButtonPress), 16);
    await x.ask(version);
    x.send(select);
    return new Scrolling(opcode, await keycodesOf(x, pageUp));
  }

  /** What an event says; null for one of another kind. */
  hear(event: Buffer): Scrolled | null {
    const type = event.readUInt8(0) & 0x7f;
    if (type !== genericEvent || event.readUInt8(1) !== this.opcode) return null;
    const [kind, detail] = [event.readUInt16LE(8), event.readUInt32LE(16)];
    if (kind === rawKeyPress && this.upKeys.has(detail)) return { by: "key", direction: "up" };
    if (kind !== rawButtonPress || (detail !== wheelUp && detail !== wheelDown)) return null;
    return { by: "wheel", direction: detail === wheelUp ? "up" : "down" };
  }
}

/** The keys that have these keysyms, with or without modifiers. */
async function keycodesOf(x: XConnection, keysyms: readonly number[]): Promise<Set<number>> {
  const reply = await x.ask(
    Buffer.from([getKeyboardMapping, 0, 2, 0, firstKeycode, keycodes, 0, 0]),
  );
  const found = new Set<number>();
  if (!reply) return found;
  const perKey = reply.readUInt8(1);
  for (let at = 0; at < keycodes * perKey && 36 + 4 * at <= reply.length; at++) {
    if (keysyms.includes(reply.readUInt32LE(32 + 4 * at))) {
      found.add(firstKeycode + Math.floor(at / perKey));
    }
  }
  return found;
}
