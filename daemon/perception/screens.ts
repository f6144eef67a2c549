import { NexoraError } from "../../src/contract/errors.ts";
import type { ScreenOptions, ScreenOutput } from "../../src/contract/screen.ts";
import type { FrameEncoder } from "../display/encode.ts";
import { Picture } from "../display/picture.ts";
import type { PictureFrames } from "../display/picture-frames.ts";
import type { Displays, Region } from "../display/types.ts";
import type { Blocks, Screened } from "./blocks.ts";
import type { SeenFrames } from "./diff/seen-frames.ts";

/** Looks that are remembered, to know which text belongs to a frame. */
const remembered = 256;

export interface ScreensParts {
  displays: Displays;
  encoder: FrameEncoder;
  pictures: PictureFrames;
  seen: Pick<SeenFrames, "see">;
  blocks: Blocks;
}

type Pixels = Pick<ScreenOutput, "rev" | "changed" | "boxes" | "size" | "pointer" | "image">;
type Text = Omit<ScreenOutput, keyof Pixels | "time">;

const noText: Text = { window: null, text: null, textRev: null, gone: null, degraded: null };

/** Sees: pixels from the framebuffer, and text, in one call. */
export class Screens {
  /** The rev of the text that was on the screen with a frame, by the frame's. */
  private readonly textRevs = new Map<string, string>();

  constructor(private readonly its: ScreensParts) {}

  /**
   * Without a picture or a frame's `since`, the display's pixels are not looked at. Throws `not_found` and
   * `conflict` for a window that is not there, or of which nothing shows.
   */
  async look(of: Screened, options: ScreenOptions, signal: AbortSignal): Promise<ScreenOutput> {
    const text = options.text ? this.text(of, options, signal) : Promise.resolve(noText);
    // A rejection must not go unhandled when the picture fails first.
    text.catch(() => {});
    const pixels = await this.pixels(of, options, signal);
    const seen = await text;
    const { since } = options;
    const changed = isOfText(since) && seen.textRev ? since !== seen.textRev : pixels.changed;
    const isAll = options.window === undefined && !options.lastOutput;
    if (pixels.rev && seen.textRev && isAll) this.remember(pixels.rev, seen.textRev);
    return { time: new Date().toISOString(), ...pixels, changed, ...seen };
  }

  private async pixels(of: Screened, options: ScreenOptions, signal: AbortSignal): Promise<Pixels> {
    const { id, width, height } = of;
    const since = isOfText(options.since) ? undefined : options.since;
    if (!options.image && since === undefined) {
      const none = { rev: null, changed: null, boxes: null, pointer: null, image: null };
      return { ...none, size: { width, height } };
    }
    const region = options.image ? await this.regionOf(of, options, signal) : undefined;
    using lease = await this.its.displays.acquire(id, signal);
    const { display } = lease;
    const { framebuffer, pointer } = display;
    const size = { width: framebuffer.width, height: framebuffer.height };
    const rev = display.rev();
    const changed = since === undefined ? null : since !== rev;
    const boxes = since === undefined ? null : display.changedSince(since);
    const seen = { changed, boxes, size, pointer };
    if (!options.image || changed === false) return { ...seen, rev, image: null };
    this.its.seen.see(id, display);
    const frame = await this.its.encoder.encode(display, { ...options, region }, signal);
    this.its.pictures.remember(id, frame.rev, frame);
    return { ...seen, rev: frame.rev, image: new Picture(frame) };
  }

  /** The part of the desktop that the picture shows. */
  private async regionOf(
    of: Screened,
    { region, window: ref }: ScreenOptions,
    signal: AbortSignal,
  ): Promise<Region | undefined> {
    if (region || ref === undefined) return region;
    const { id, inside } = await this.its.blocks.window(of, ref, signal);
    if (inside) return inside;
    throw new NexoraError("conflict", `window ${id} lies outside of the desktop`, {
      hint: `\`nexora window move ${id} 0 0\` brings it back`,
    });
  }

  private text(of: Screened, options: ScreenOptions, signal: AbortSignal): Promise<Text> {
    const since = this.textRevs.get(options.since ?? "") ?? options.since;
    return this.its.blocks.read(of, { ...options, since }, signal);
  }

  private remember(rev: string, textRev: string): void {
    // Deleted first, so that the order is that of the last use.
    this.textRevs.delete(rev);
    this.textRevs.set(rev, textRev);
    const [oldest] = this.textRevs.keys();
    if (this.textRevs.size > remembered && oldest !== undefined) this.textRevs.delete(oldest);
  }
}

/** Whether a rev is a text's, and not a frame's. */
function isOfText(rev: string | undefined): boolean {
  return rev?.startsWith("t") ?? false;
}
