import { NexoraError } from "../../../src/contract/errors.ts";
import { messageOf } from "../../../src/thrown.ts";
import type { Raster } from "./raster.ts";

/** Longest that decoding may take, in seconds. */
const decodeSeconds = 10;
/** PNG specification, 5.2. */
const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Largest desktop (src/contract/operation.ts), in pixels. */
const maxPixels = 7680 * 4320;

export type LoadSharp = () => Promise<typeof import("sharp")>;

/**
 * A PNG that is to be compared with something of this size. A stranger's: what is larger than any
 * desktop is not unpacked, and nothing of another size than `wanted`.
 * Throws `usage` for what is no PNG, or a broken one.
 */
export async function decodeBase(
  png: Uint8Array,
  wanted: { width: number; height: number },
  loadSharp: LoadSharp,
): Promise<Raster | { width: number; height: number; words: null }> {
  if (!signature.equals(png.subarray(0, signature.length))) {
    throw notPng("it is no PNG", "take one by `nexora screen -o FILE.png`");
  }
  const { default: sharp } = await loadSharp();
  try {
    const image = sharp(png, { limitInputPixels: maxPixels, failOn: "error" });
    const { width, height } = await image.metadata();
    if (width !== wanted.width || height !== wanted.height) return { width, height, words: null };
    const { data, info } = await image
      .timeout({ seconds: decodeSeconds })
      .flatten({ background: "#000000" })
      .toColourspace("srgb")
      .ensureAlpha()
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    const words = new Uint32Array(info.width * info.height);
    new Uint8Array(words.buffer).set(data);
    return { width: info.width, height: info.height, words };
  } catch (error) {
    throw notPng(messageOf(error).split("\n")[0] ?? "", "is the file complete?");
  }
}

function notPng(why: string, hint: string): NexoraError {
  return new NexoraError("usage", `the picture to compare with cannot be read: ${why}`, { hint });
}
