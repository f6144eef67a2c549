import { NexoraError } from "../../src/contract/errors.ts";
import type { Region } from "./types.ts";

/** Whether two regions share a pixel. */
export function overlaps(a: Region, b: Region): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** Throws `usage`, naming the desktop's size, unless a region lies inside the desktop. */
export function checkInside(region: Region, size: { width: number; height: number }): void {
  const { x, y, width, height } = region;
  const whole = [x, y, width, height].every(Number.isInteger);
  const inside = x >= 0 && y >= 0 && x + width <= size.width && y + height <= size.height;
  if (!whole || !inside || width < 1 || height < 1) {
    throw new NexoraError(
      "usage",
      `the region ${x},${y},${width},${height} is not inside the desktop (${size.width}x${size.height})`,
      { hint: `give X,Y,W,H with X+W at most ${size.width} and Y+H at most ${size.height}` },
    );
  }
}
