import { NexoraError } from "../../../src/contract/errors.ts";
import type { Region } from "../../display/types.ts";
import type { Page } from "../page.ts";

/** Largest side of a picture, in its own pixels: Chromium paints no larger ones. */
const maxSide = 16_384;
/** Most pixels of a picture. */
const maxPixels = 100_000_000;

export interface ShotOptions {
  format: "png" | "jpeg" | "webp";
  quality: number;
  /** The whole page, not only what shows. */
  full: boolean;
  /** Only this part, in CSS pixels of the page from its upper left corner. */
  region?: Region | undefined;
}

export interface Shot {
  format: ShotOptions["format"];
  width: number;
  height: number;
  bytes: number;
  base64: string;
  /** Whether the page was larger than a picture can be. */
  cut: boolean;
}

/** A picture of a page. What is not on the desktop is painted for it. */
export async function takeShot(
  page: Page,
  { format, quality, full, region }: ShotOptions,
  signal: AbortSignal,
): Promise<Shot> {
  const metrics = await page.send("Page.getLayoutMetrics", undefined, { signal });
  const { cssContentSize, cssVisualViewport, visualViewport } = metrics;
  const scale = visualViewport.clientWidth / cssVisualViewport.clientWidth || 1;
  const wanted = region ?? (full ? cssContentSize : null);
  const clip = wanted && bounded(wanted, scale);
  const { data: base64 } = await page.send(
    "Page.captureScreenshot",
    {
      format,
      ...(format === "png" ? {} : { quality }),
      ...(clip ? { clip: { ...clip.region, scale: 1 }, captureBeyondViewport: true } : {}),
    },
    { signal },
  );
  const data = Buffer.from(base64, "base64");
  const width = Math.round((clip?.region.width ?? cssVisualViewport.clientWidth) * scale);
  const height = Math.round((clip?.region.height ?? cssVisualViewport.clientHeight) * scale);
  const size = { width, height, ...sizeOf(data) };
  return { format, ...size, bytes: data.length, base64, cut: clip?.cut ?? false };
}

/** As much of a region as a picture can have. Throws `action_failed` when nothing is left. */
function bounded({ x, y, width, height }: Region, scale: number): { region: Region; cut: boolean } {
  const [left, top] = [Math.max(0, x), Math.max(0, y)];
  const side = Math.floor(maxSide / scale);
  const across = Math.min(side, Math.ceil(width + Math.min(0, x)));
  const most = Math.floor(maxPixels / scale / scale / Math.max(1, across));
  const down = Math.min(side, most, Math.ceil(height + Math.min(0, y)));
  if (!(across > 0 && down > 0)) {
    throw new NexoraError("action_failed", "there is nothing to see: it has no size", {
      hint: "`nexora chrome snapshot` shows what is there",
    });
  }
  const region = { x: left, y: top, width: across, height: down };
  return { region, cut: across < Math.floor(width) || down < Math.floor(height) };
}

/** The size that a PNG says of itself (RFC 2083, section 11.2.1); what it is not says none. */
function sizeOf(data: Buffer): { width?: number; height?: number } {
  if (data.length < 24 || data.readUInt32BE(0) !== 0x89504e47) return {};
  return { width: data.readUInt32BE(16), height: data.readUInt32BE(20) };
}
