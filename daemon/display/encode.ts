import type { Sharp } from "sharp";
import { within } from "../../src/abort.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import { BandEncoder } from "./bands.ts";
import { FrameCache } from "./frame-cache.ts";
import { checkInside } from "./region.ts";
import { scaled } from "./scale.ts";
import { packRgb, SnapshotBuffers } from "./snapshot.ts";
import type { Display, Framebuffer, Region } from "./types.ts";

type Size = Pick<Region, "width" | "height">;

export interface EncodeOptions {
  format: "png" | "jpeg" | "webp";
  /** 1–100, of jpeg and webp. */
  quality: number;
  /** Factor (`0.5`) or the largest `WxH` that the picture may have. */
  scale?: string | undefined;
  /** Exact size of the picture in place of a scale, also another shape's or a larger one. */
  size?: Size | undefined;
  /** @default the whole desktop */
  region?: Region | undefined;
}

/** A picture. Its pixel (x, y) shows the desktop's (offsetX + x * scaleX, offsetY + y * scaleY). */
export interface EncodedFrame {
  bytes: Uint8Array;
  format: EncodeOptions["format"];
  width: number;
  height: number;
  scaleX: number;
  scaleY: number;
  offsetX: number;
  offsetY: number;
  /** The frame that it shows. */
  rev: string;
}

export interface FrameEncoder {
  /**
   * The display as it is now, as a picture file; the same picture is never encoded twice.
   * Throws `usage` for a region outside of the desktop or a scale that is none.
   */
  encode(
    display: Pick<Display, "framebuffer" | "rev">,
    options: EncodeOptions,
    signal?: AbortSignal,
  ): Promise<EncodedFrame>;
}

export interface EncoderOptions {
  /** Loads sharp; called on the first use. */
  sharp: () => Promise<typeof import("sharp")>;
  /** Most bytes of encoded pictures to keep. @default 16 MiB */
  cacheBytes?: number;
}

export function createEncoder(options: EncoderOptions): FrameEncoder {
  return new SharpEncoder(options);
}

/** Longest that encoding one picture may take, in seconds. */
const encodeSeconds = 30;

class SharpEncoder implements FrameEncoder {
  private readonly frames: FrameCache<EncodedFrame>;
  private readonly buffers = new SnapshotBuffers();
  private readonly bands = new BandEncoder();

  constructor(private readonly options: EncoderOptions) {
    this.frames = new FrameCache(options.cacheBytes ?? 16 * 1024 * 1024);
  }

  async encode(
    display: Pick<Display, "framebuffer" | "rev">,
    options: EncodeOptions,
    signal?: AbortSignal,
  ): Promise<EncodedFrame> {
    signal?.throwIfAborted();
    const { framebuffer } = display;
    const { width, height } = framebuffer;
    const region = options.region ?? { x: 0, y: 0, width, height };
    checkInside(region, framebuffer);
    const size = options.size ?? scaled(region, options.scale);
    const rev = display.rev();
    const key = [
      rev,
      options.format,
      options.format === "png" ? "" : options.quality,
      ...[region.x, region.y, region.width, region.height, size.width, size.height],
    ].join(" ");
    const frame = this.frames.get(key, async () => ({
      bytes: await this.bytesOf(framebuffer, region, size, options),
      format: options.format,
      ...size,
      scaleX: region.width / size.width,
      scaleY: region.height / size.height,
      offsetX: region.x,
      offsetY: region.y,
      rev,
    }));
    return within(frame, signal);
  }

  /** Takes the pixels before anything is awaited: they are those that the frame's rev names. */
  private async bytesOf(
    framebuffer: Framebuffer,
    region: Region,
    size: Size,
    options: EncodeOptions,
  ): Promise<Uint8Array> {
    const isWhole = region.width === framebuffer.width && sameSize(size, region);
    if (options.format === "png" && isWhole) return this.bands.encode(framebuffer, region);
    const buffer = this.buffers.take(3 * region.width * region.height);
    try {
      packRgb(framebuffer, region, buffer);
      return await this.compress(buffer, region, size, options);
    } finally {
      this.buffers.giveBack(buffer);
    }
  }

  /** Runs on sharp's own threads. */
  private async compress(
    rgb: Uint8Array,
    { width, height }: Region,
    size: Size,
    { format, quality }: EncodeOptions,
  ): Promise<Uint8Array> {
    try {
      const { default: sharp } = await this.options.sharp();
      const pixels = rgb.subarray(0, 3 * width * height);
      let image: Sharp = sharp(pixels, { raw: { width, height, channels: 3 } });
      if (size.width !== width || size.height !== height) {
        image = image.resize({ ...size, fit: "fill" });
      }
      image = image.timeout({ seconds: encodeSeconds });
      if (format === "png") return await image.png({ compressionLevel: 2 }).toBuffer();
      if (format === "jpeg") return await image.jpeg({ quality }).toBuffer();
      return await image.webp({ quality, effort: 0 }).toBuffer();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new NexoraError("display_failed", `the picture could not be encoded (${why})`, {
        hint: "try another --format; `nexora doctor` checks what encoding needs",
        cause: error,
      });
    }
  }
}

function sameSize(a: Size, b: Size): boolean {
  return a.width === b.width && a.height === b.height;
}
