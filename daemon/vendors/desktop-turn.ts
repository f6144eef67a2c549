import { NexoraError } from "../../src/contract/errors.ts";
import type { Settling } from "../actions/settling.ts";
import type { Pointing } from "../desktop/pointing.ts";
import type { DesktopWindows } from "../desktop/windows.ts";
import type { EncodedFrame, FrameEncoder } from "../display/encode.ts";
import type { DisplayLease, Displays, Region } from "../display/types.ts";
import type { Input } from "../input/input.ts";
import type { Direction, Point, Pointer } from "../input/pointer.ts";
import { pause } from "../input/spacing.ts";
import type { DesktopAction } from "./desktop-action.ts";
import { Geometry, type PictureLimits, type Size } from "./geometry.ts";

export interface DesktopTurnParts {
  displays: Displays;
  encoder: FrameEncoder;
  windows: DesktopWindows;
  pointing: Pointing;
  input: Input;
  settling: Settling;
}

/** How the model sees the desktop. */
export interface Sight {
  limits: PictureLimits;
  /** Size of the pictures; undefined: the desktop's, as far as the limits allow. */
  declared: Size | undefined;
  /** Characters in base64 over which a picture goes as JPEG. */
  maxText: number;
}

/** What an action gives the model. */
export type Outcome = { text: string } | { picture: SentPicture };
export interface SentPicture {
  mediaType: "image/png" | "image/jpeg";
  base64: string;
}

/** How long a picture waits at most for what was done before it to be there, in milliseconds. */
const settleMs = 500;
/** How far pages scroll with one notch of the wheel, in pixels: as measured with Chromium. */
const notchPixels = 120;
const done = { text: "OK" };

/** The computer actions of one turn of a model, of whichever vendor. */
export class DesktopTurn implements Disposable {
  private armed: Awaited<ReturnType<Settling["arm"]>> | null = null;
  private waited = false;

  private constructor(
    private readonly its: DesktopTurnParts,
    private readonly session: string,
    private readonly sight: Sight,
    private readonly lease: DisplayLease,
    private readonly signal: AbortSignal,
  ) {}

  /** Throws `usage` when the declared size is not taken. */
  static async begin(
    parts: DesktopTurnParts,
    session: string,
    sight: Sight,
    signal: AbortSignal,
  ): Promise<DesktopTurn> {
    const lease = await parts.displays.acquire(session, signal);
    const turn = new DesktopTurn(parts, session, sight, lease, signal);
    try {
      turn.geometry();
      return turn;
    } catch (error) {
      turn[Symbol.dispose]();
      throw error;
    }
  }

  /** Whether something was done since the last picture, or waited for. */
  get unseen(): boolean {
    return this.armed !== null || this.waited;
  }

  /** Does one thing, or nothing when a point or a key of it is wrong, which throws `usage`. */
  async run(action: DesktopAction): Promise<Outcome> {
    switch (action.do) {
      case "screenshot":
        return { picture: await this.look() };
      case "zoom": {
        const geometry = this.geometry();
        const region = geometry.region(action.from, action.to);
        return { picture: await this.look({ region, size: geometry.zoomed(region) }) };
      }
      case "position":
        return { text: await this.position() };
      case "wait":
        await pause(action.ms, this.signal);
        this.waited = true;
        return done;
      default:
        return this.act(action);
    }
  }

  /** A picture once the screen is still, but for one that never is. */
  async look(part?: { region: Region; size: Size }): Promise<SentPicture> {
    const take = () => this.picture(part);
    const { armed } = this;
    this.waited = false;
    if (!armed) return take();
    const { screen } = await armed.look(false, take, this.signal);
    this.disarm();
    return screen;
  }

  [Symbol.dispose](): void {
    this.disarm();
    this.lease[Symbol.dispose]();
  }

  private async act(
    action: Exclude<DesktopAction, { do: "screenshot" | "zoom" | "position" | "wait" }>,
  ) {
    const { session, signal } = this;
    const { input } = this.its;
    const work = this.pointed(action);
    const wanted = { pixels: true, withinMs: settleMs };
    this.armed ??= await this.its.settling.arm(session, wanted, signal);
    if (work) await work();
    else if (action.do === "type") await input.type(session, action.text, {}, signal);
    else if (action.do === "press") {
      const { chords, repeat, holdMs } = action;
      await input.press(session, chords, { repeat, holdMs }, signal);
    }
    return done;
  }

  /** What the pointer is to do, its points checked; null: nothing. */
  private pointed(action: DesktopAction): (() => Promise<unknown>) | null {
    const geometry = this.geometry();
    const desktop = (at: Point | null) => (at ? [geometry.toDesktop(at)] : []);
    switch (action.do) {
      case "move": {
        const to = geometry.toDesktop(action.at);
        return () => this.point([], (pointer) => pointer.move(to, action.hold));
      }
      case "click": {
        const at = desktop(action.at);
        const { button, count, hold } = action;
        return () => this.point(at, (pointer) => pointer.click(button, count, hold));
      }
      case "drag": {
        const path = action.path.map((each) => geometry.toDesktop(each));
        const from = path.length > 1 ? path.splice(0, 1) : [];
        return () => this.point(from, (pointer) => pointer.drag(path, "left", action.hold));
      }
      case "scroll": {
        const at = desktop(action.at);
        const turns = action.turns.map((turn) => ({
          direction: turn.direction,
          notches: "notches" in turn ? turn.notches : notchesOf(turn, geometry.scale),
        }));
        return () =>
          this.point(at, async (pointer) => {
            for (const { direction, notches } of turns) {
              await pointer.scroll(direction, notches, action.hold);
            }
          });
      }
      case "down":
        return () => this.point([], (pointer) => pointer.down("left"));
      case "up":
        return () => this.point([], (pointer) => pointer.up("left"));
      default:
        return null;
    }
  }

  private point(at: readonly Point[], act: (pointer: Pointer) => Promise<void>): Promise<unknown> {
    return this.its.pointing.perform(this.session, at, {}, this.signal, { act });
  }

  private async position(): Promise<string> {
    const { pointer } = await this.its.windows.list(this.session, this.signal);
    const { x, y } = this.geometry().toPicture(pointer);
    return `X=${x}, Y=${y}`;
  }

  private async picture(part?: { region: Region; size: Size }): Promise<SentPicture> {
    const size = part?.size ?? this.geometry().picture;
    const options = { quality: 80, ...part, size };
    const png = await this.encoded({ format: "png", ...options });
    if (png.base64.length <= this.sight.maxText) return png;
    return this.encoded({ format: "jpeg", ...options });
  }

  private async encoded(options: Parameters<FrameEncoder["encode"]>[1]): Promise<SentPicture> {
    const { bytes, format }: EncodedFrame = await this.its.encoder.encode(
      this.lease.display,
      options,
      this.signal,
    );
    const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64");
    return { mediaType: format === "png" ? "image/png" : "image/jpeg", base64 };
  }

  /** Asked anew each time: programs may change the desktop's size. */
  private geometry(): Geometry {
    const { framebuffer, closed } = this.lease.display;
    if (closed) {
      throw new NexoraError("display_failed", "the connection to the display has ended meanwhile");
    }
    return Geometry.of(framebuffer, this.sight.limits, this.sight.declared);
  }

  private disarm(): void {
    this.armed?.[Symbol.dispose]();
    this.armed = null;
  }
}

/** Notches that move a page by about so many pixels of the picture, and one at least. */
function notchesOf(
  { direction, pixels }: { direction: Direction; pixels: number },
  scale: Point,
): number {
  const isAcross = direction === "left" || direction === "right";
  return Math.max(1, Math.round((pixels * (isAcross ? scale.x : scale.y)) / notchPixels));
}
