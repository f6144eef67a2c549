import { within } from "../../../src/abort.ts";
import type { diffOperations } from "../../../src/contract/diff.ts";
import { NexoraError } from "../../../src/contract/errors.ts";
import type { InputOf, OutputOf } from "../../../src/contract/operation.ts";
import { checkInside } from "../../display/region.ts";
import { Slots } from "../../display/slots.ts";
import type { Displays, Framebuffer, Region } from "../../display/types.ts";
import { decodeBase, type LoadSharp } from "./base-picture.ts";
import { compare } from "./compare.ts";
import type { Raster } from "./raster.ts";
import type { SeenFrames } from "./seen-frames.ts";
import { sideBySide } from "./side-by-side.ts";

type Diff = (typeof diffOperations)[number];
export type DiffOptions = Omit<InputOf<Diff>, "session">;
type DiffOutput = OutputOf<Diff>;

/** What the screen is compared with. */
interface Base {
  rev: string | null;
  png: Uint8Array;
  /** The part of it that counts. */
  region: Region | null;
}

/** Comparisons at the same time: a 4K screen takes 300 MB while its picture is made. */
const atOnce = 2;

/** Compares screens, pixel by pixel, with what they were. */
export class Diffs {
  private readonly slots = new Slots(atOnce);

  constructor(
    private readonly displays: Pick<Displays, "acquire">,
    private readonly seen: Pick<SeenFrames, "find">,
    private readonly sharp: LoadSharp,
  ) {}

  /** Throws `usage` for a PNG that is none, and `not_found` when a frame is not remembered. */
  compare(session: string, options: DiffOptions, signal: AbortSignal): Promise<DiffOutput> {
    return within(
      this.slots.run(() => this.compareNow(session, options, signal), signal),
      signal,
    );
  }

  private async compareNow(
    session: string,
    options: DiffOptions,
    signal: AbortSignal,
  ): Promise<DiffOutput> {
    const base = await this.base(session, options);
    const { rev, region, now } = await this.now(session, options.region, signal);
    const before = await this.before(base, now);
    signal.throwIfAborted();
    const about = { rev, base: { rev: base.rev, size: sizeOf(before) }, size: sizeOf(now) };
    if (before.words === null) {
      const changed = now.width * now.height;
      return { same: false, ratio: 1, changed, boxes: [region], ...about, image: null };
    }
    const masks = options.masks.map((mask) => moved(mask, -region.x, -region.y));
    const found = compare(before, now, masks);
    const ratio = found.compared === 0 ? 0 : found.changed / found.compared;
    return {
      same: ratio <= options.threshold,
      ratio,
      changed: found.changed,
      boxes: found.boxes.map((box) => moved(box, region.x, region.y)),
      ...about,
      image: options.image ? await this.picture(before, now, found) : null,
    };
  }

  private async base(session: string, { rev, png, region }: DiffOptions): Promise<Base> {
    if (png !== undefined) {
      if (rev !== undefined) throw new NexoraError("usage", "give either a rev or a PNG");
      return { rev: null, png: Buffer.from(png, "base64"), region: null };
    }
    const frame = await this.seen.find(session, rev);
    if (frame) return { rev: frame.rev, png: frame.bytes, region: region ?? null };
    const what = rev === undefined ? "no picture of this session" : `no frame with the rev ${rev}`;
    throw new NexoraError("not_found", `${what} is remembered`, {
      hint: "`nexora screen -o FILE.png` takes one: its last 16 frames are remembered, and FILE.png can be compared with at any time",
    });
  }

  /** What is to be compared, as it is now. */
  private async now(session: string, part: Region | undefined, signal: AbortSignal) {
    using lease = await this.displays.acquire(session, signal);
    const { framebuffer } = lease.display;
    const { width, height } = framebuffer;
    const region = part ?? { x: 0, y: 0, width, height };
    checkInside(region, framebuffer);
    return { rev: lease.display.rev(), region, now: copyOf(framebuffer, region) };
  }

  private async before({ png, region }: Base, now: Raster) {
    if (!region) return decodeBase(png, now, this.sharp);
    const { default: sharp } = await this.sharp();
    const { width, height } = await sharp(png).metadata();
    const frame = await decodeBase(png, { width, height }, this.sharp);
    const fits = region.x + region.width <= width && region.y + region.height <= height;
    if (frame.words === null || !fits) return { width, height, words: null };
    return cut(frame.words, width, region);
  }

  private async picture(before: Raster, now: Raster, found: ReturnType<typeof compare>) {
    const { width, height, bytes } = await sideBySide(before, now, found, this.sharp);
    const base64 = Buffer.from(bytes).toString("base64");
    return { format: "png" as const, width, height, bytes: bytes.length, base64 };
  }
}

function sizeOf({ width, height }: { width: number; height: number }) {
  return { width, height };
}

function moved(region: Region, x: number, y: number): Region {
  return { ...region, x: region.x + x, y: region.y + y };
}

function copyOf({ pixels, width }: Framebuffer, region: Region): Raster {
  return cut(new Uint32Array(pixels.buffer, pixels.byteOffset, pixels.length / 4), width, region);
}

/** A copy of a part. */
function cut(words: Uint32Array, stride: number, { x, y, width, height }: Region): Raster {
  const out = new Uint32Array(width * height);
  for (let row = 0; row < height; row++) {
    const from = (y + row) * stride + x;
    out.set(words.subarray(from, from + width), row * width);
  }
  return { width, height, words: out };
}
