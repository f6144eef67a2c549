import * as messages from "./client-messages.ts";
import type { Cursor } from "./encodings/cursor.ts";
import { Inflater } from "./encodings/inflate.ts";
import { RfbError } from "./error.ts";
import { type Desktop, readFramebufferUpdate } from "./framebuffer-update.ts";
import { handshake } from "./handshake.ts";
import { checkLength, checkSize, limits, ResizeLimit } from "./limits.ts";
import { ChunkReader, type Reading, readU8, readView } from "./reader.ts";
import type { Surface } from "./surface.ts";

/** What the client says to its owner. */
export interface RfbEvents {
  /** Bytes for the server, in order. */
  send(bytes: Uint8Array): void;
  /** The desktop has this size now; pixels go to the surface returned. At least once, first. */
  resized(width: number, height: number): Surface;
  /** An update ended. `complete`: every pixel has come at least once since the last resize. */
  updated(complete: boolean): void;
  /** The answer to `fence(payload)`. */
  fenced(payload: Uint8Array): void;
  /** The answer to `setDesktopSize`: 0, or why not (encodings/extended-desktop-size.ts). */
  resizeAnswered?(status: number): void;
  cursor?(shape: Cursor): void;
  cursorMoved?(x: number, y: number): void;
  bell?(): void;
  cutText?(text: string): void;
}

export interface RfbClientOptions {
  password: string;
  /** Most pixels that the desktop may have; one that this side asks for may have more. */
  maxPixels?: number;
  /** Encodings for pixels, most wanted first. */
  encodings?: readonly number[];
}

const { raw, zrle, ...others } = messages.encoding;

/**
 * The client's side of RFB 3.8 without its socket: bytes in by `push`, bytes and events out by
 * `events`. It keeps one incremental request outstanding, so updates come as they happen.
 */
export class RfbClient {
  /** Whether the server knows Fence; known before the first pixels come. */
  fences = false;
  private extendedButtons = false;
  private readonly reader: ChunkReader;
  private surface: Surface | null = null;
  private screen: messages.Screen | null = null;
  private drawn = 0;
  private readonly resizes = new ResizeLimit();
  private maxPixels: number;

  constructor(
    private readonly options: RfbClientOptions,
    private readonly events: RfbEvents,
  ) {
    this.maxPixels = options.maxPixels ?? limits.pixels;
    this.reader = new ChunkReader(this.session());
  }

  /**
   * Takes bytes from the server, in chunks of any length; they must not change afterwards. With
   * `goOn`, works on them only while it says so: a few bytes can draw many pixels. Whether all was
   * done; the rest is with the next call. Throws an RfbError when the server breaks the protocol;
   * the client is unusable after that.
   */
  push(bytes: Uint8Array, goOn?: () => boolean): boolean {
    return this.reader.push(bytes, goOn);
  }

  keys(events: readonly { keysym: number; down: boolean }[]): void {
    this.events.send(messages.keyEvents(events));
  }

  /** Throws an RfbError for a button that the server does not know. */
  pointer(x: number, y: number, buttons: number): void {
    if (buttons > 0xff && !this.extendedButtons) {
      throw new RfbError("the display knows no more than eight mouse buttons");
    }
    this.events.send(messages.pointerEvent(x, y, buttons, this.extendedButtons));
  }

  /** Asks for an answer once everything sent before has been processed. At most 64 bytes. */
  fence(payload: Uint8Array): void {
    const { blockBefore, request } = messages.fenceFlag;
    this.events.send(messages.clientFence(blockBefore | request, payload));
  }

  setDesktopSize(width: number, height: number): void {
    this.maxPixels = Math.max(this.maxPixels, width * height);
    this.events.send(messages.setDesktopSize(width, height, this.screen));
  }

  /** Asks for pixels even where nothing has changed. */
  refresh(area: { x: number; y: number; width: number; height: number }): void {
    this.events.send(messages.framebufferUpdateRequest(false, area));
  }

  private *session(): Reading<void> {
    const { events } = this;
    const init = yield* handshake(this.options.password, (bytes) => events.send(bytes));
    const pixels = this.options.encodings ?? [zrle, raw];
    events.send(messages.setPixelFormat());
    events.send(messages.setEncodings([...pixels, ...Object.values(others)]));

    const desktop = this.desktop(this.resize(init.width, init.height));
    for (;;) yield* this.message(yield* readU8(), desktop);
  }

  private desktop(first: Surface): Desktop {
    const client = this;
    return {
      surface: first,
      inflater: new Inflater(),
      resize(width, height) {
        if (width === this.surface.width && height === this.surface.height) return;
        (this as { surface: Surface }).surface = client.resize(width, height);
      },
      screens: (screens) => {
        client.screen = screens[0] ?? null;
      },
      resizeAnswered: (status) => client.events.resizeAnswered?.(status),
      cursor: (shape) => client.events.cursor?.(shape),
      cursorMoved: (x, y) => client.events.cursorMoved?.(x, y),
      extendedButtons: () => {
        client.extendedButtons = true;
      },
    };
  }

  private resize(width: number, height: number): Surface {
    checkSize(width, height, this.maxPixels);
    this.resizes.take();
    this.surface = this.events.resized(width, height);
    this.drawn = 0;
    this.refresh({ x: 0, y: 0, width, height });
    return this.surface;
  }

  /** RFC 6143 §7.6: one message from the server. */
  private *message(type: number, desktop: Desktop): Reading<void> {
    switch (type) {
      case 0: {
        const { surface } = desktop;
        const all = { x: 0, y: 0, width: surface.width, height: surface.height };
        this.events.send(messages.framebufferUpdateRequest(true, all));
        // Not `+= yield*`: a resize inside the update resets the count.
        const drawn = yield* readFramebufferUpdate(desktop);
        this.drawn += drawn;
        this.events.updated(this.drawn >= desktop.surface.width * desktop.surface.height);
        return;
      }
      case 1: // SetColourMapEntries: meaningless in true colour.
        yield 6 * (yield* readView(5)).getUint16(3);
        return;
      case 2:
        this.events.bell?.();
        return;
      case 3: {
        const length = (yield* readView(7)).getInt32(3);
        if (length < 0) return yield* this.extendedClipboard(-length);
        checkLength("clipboard text", length, limits.cutText);
        // Outside of the optional call, whose arguments are not evaluated when nobody listens.
        const text = yield length;
        this.events.cutText?.(new TextDecoder("latin1").decode(text));
        return;
      }
      case 248:
        return yield* this.serverFence();
      default:
        throw new RfbError(`the display sent a message of unknown type ${type}`);
    }
  }

  private *extendedClipboard(length: number): Reading<void> {
    checkLength("clipboard announcement", length, limits.cutText);
    if (length < 4) throw new RfbError("a clipboard announcement is too short");
    const flags = (yield* readView(length)).getUint32(0);
    if ((flags & messages.clipboardFlag.caps) !== 0) this.events.send(messages.clipboardCaps());
  }

  private *serverFence(): Reading<void> {
    const { blockBefore, blockAfter, syncNext, request } = messages.fenceFlag;
    const head = yield* readView(8);
    const [flags, length] = [head.getUint32(3), head.getUint8(7)];
    checkLength("a fence", length, 64);
    const payload = Uint8Array.from(yield length);
    this.fences = true;
    // We process messages one by one, so whatever order it asks for has been kept.
    const kept = flags & (blockBefore | blockAfter | syncNext);
    if ((flags & request) !== 0) this.events.send(messages.clientFence(kept, payload));
    else this.events.fenced(payload);
  }
}
