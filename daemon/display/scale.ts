import { NexoraError } from "../../src/contract/errors.ts";

interface Size {
  width: number;
  height: number;
}

/**
 * The size of a picture under `--scale`: a factor above 0 up to 1 (`0.5`), or the largest `WxH`
 * that it may have. Keeps the aspect and never enlarges. Throws `usage` for anything else.
 */
export function scaled({ width, height }: Size, scale: string | undefined): Size {
  const factor = scale === undefined ? 1 : factorOf({ width, height }, scale);
  return {
    width: Math.max(1, Math.round(width * factor)),
    height: Math.max(1, Math.round(height * factor)),
  };
}

function factorOf(size: Size, scale: string): number {
  const box = /^(\d{1,5})x(\d{1,5})$/.exec(scale);
  const factor = box
    ? Math.min(1, Number(box[1]) / size.width, Number(box[2]) / size.height)
    : Number(/^\d*\.?\d+$/.test(scale) ? scale : Number.NaN);
  if (!(factor > 0 && factor <= 1)) {
    throw new NexoraError("usage", `invalid scale ${JSON.stringify(scale)}`, {
      hint: "give a factor above 0 up to 1 (0.5), or the largest size (1280x720)",
    });
  }
  return factor;
}
