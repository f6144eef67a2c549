import { asNexoraError, NexoraError } from "../../../src/contract/errors.ts";
import { Slots } from "../../display/slots.ts";
import { packRgb } from "../../display/snapshot.ts";
import type { Displays, Framebuffer, Region } from "../../display/types.ts";
import { KeyedQueue } from "../../keyed-queue.ts";
import type { OcrLine, OcrReader } from "./reader.ts";

/** Pictures whose lines are remembered. */
const remembered = 256;

/** Regions of one session that are read at the same time. */
const atOnce = 2;

/** Chooses who reads a session's pictures. */
export type ReaderOf = (session: string, signal: AbortSignal) => Promise<OcrReader>;

/** What parts of a screen say; boxes are the desktop's. */
export interface ScreenOcrText {
  lines: OcrLine[];
  /** Why it is incomplete, if it is. */
  degraded: string | null;
}

/** Reads parts of a session's screen; equal pixels are read once. Callers of one session take turns. */
export class ScreenOcr {
  /** By session and pixels. Insertion order is the order of use. */
  private readonly known = new Map<string, readonly OcrLine[]>();
  /** So that nobody can show pixels whose hash is that of others. */
  private readonly seed = crypto.getRandomValues(new BigUint64Array(1))[0] ?? 0n;

  private readonly queue = new KeyedQueue();

  constructor(
    private readonly displays: Pick<Displays, "acquire">,
    private readonly readerOf: ReaderOf,
  ) {}

  /** Regions are cut to the desktop. Aborting ends the work; what cannot be read is `degraded`. */
  async read(
    session: string,
    regions: readonly Region[],
    signal: AbortSignal,
  ): Promise<ScreenOcrText> {
    return this.queue.run(session, () => this.readNow(session, regions, signal), signal);
  }

  private async readNow(
    session: string,
    regions: readonly Region[],
    signal: AbortSignal,
  ): Promise<ScreenOcrText> {
    const parts = await this.snapshot(session, regions, signal);
    const slots = new Slots(atOnce);
    const texts = await Promise.allSettled(
      parts.map((part) => slots.run(() => this.lines(session, part, signal), signal)),
    );
    signal.throwIfAborted();
    const failed = texts.find((text) => text.status === "rejected");
    return {
      lines: texts.flatMap((text) => (text.status === "fulfilled" ? text.value : [])),
      degraded: failed ? explained(failed.reason) : null,
    };
  }

  /** The session is gone. */
  drop(session: string): void {
    for (const key of this.known.keys()) if (key.startsWith(`${session} `)) this.known.delete(key);
  }

  /** The pixels of all regions at one time. */
  private async snapshot(session: string, regions: readonly Region[], signal: AbortSignal) {
    using lease = await this.displays.acquire(session, signal);
    const { framebuffer } = lease.display;
    return regions.flatMap((region) => {
      const inside = cut(region, framebuffer);
      return inside ? [this.part(session, framebuffer, inside)] : [];
    });
  }

  private part(session: string, framebuffer: Framebuffer, region: Region): Part {
    const { width, height } = region;
    const hash = this.hash(framebuffer, region).toString(16);
    const key = `${session} ${width}x${height} ${hash}`;
    const read = this.known.get(key);
    if (read) return { region, key, read };
    const rgb = new Uint8Array((3 * width * height + 3) & ~3);
    packRgb(framebuffer, region, rgb);
    return { region, key, rgb };
  }

  private hash({ width: stride, pixels }: Framebuffer, { x, y, width, height }: Region): bigint {
    // Whole rows lie one behind the other.
    const [runs, length] = width === stride ? [1, width * height] : [height, width];
    let hash = this.seed;
    for (let run = 0; run < runs; run++) {
      const from = (y + run) * stride + x;
      hash = Bun.hash.wyhash(pixels.subarray(4 * from, 4 * (from + length)), hash);
    }
    return hash;
  }

  private async lines(session: string, part: Part, signal: AbortSignal): Promise<OcrLine[]> {
    const { region, key } = part;
    const lines =
      "read" in part
        ? part.read
        : (this.known.get(key) ?? (await this.recognise(session, region, part.rgb, signal)));
    // Deleted first, so that the order is that of the last use.
    this.known.delete(key);
    this.known.set(key, lines);
    const [oldest] = this.known.keys();
    if (this.known.size > remembered && oldest !== undefined) this.known.delete(oldest);
    return lines.map(({ box, ...line }) => ({
      ...line,
      box: { ...box, x: box.x + region.x, y: box.y + region.y },
    }));
  }

  private async recognise(
    session: string,
    { width, height }: Region,
    rgb: Uint8Array,
    signal: AbortSignal,
  ): Promise<readonly OcrLine[]> {
    const reader = await this.readerOf(session, signal);
    const picture = { width, height, rgb: rgb.subarray(0, 3 * width * height) };
    return (await reader.read(picture, signal)).lines;
  }
}

/** Its pixels as they were, or what was read of such pixels before. */
type Part = { region: Region; key: string } & ({ rgb: Uint8Array } | { read: readonly OcrLine[] });

/** The part of a region that lies on the desktop; null: none. */
function cut(region: Region, { width, height }: Framebuffer): Region | null {
  const x = Math.max(0, region.x);
  const y = Math.max(0, region.y);
  const right = Math.min(width, region.x + region.width);
  const bottom = Math.min(height, region.y + region.height);
  return right > x && bottom > y ? { x, y, width: right - x, height: bottom - y } : null;
}

function explained(reason: unknown): string {
  const { message } = reason instanceof NexoraError ? reason : asNexoraError(reason);
  return message;
}
