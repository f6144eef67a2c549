import { NexoraError } from "../../src/contract/errors.ts";
import type { Region } from "../display/types.ts";
import type { Point } from "../input/pointer.ts";

export interface Size {
  width: number;
  height: number;
}

/** What a vendor's API takes of a picture, in pixels. */
export interface PictureLimits {
  /** Whether a picture of that size is taken as it is. */
  takes(size: Size): boolean;
  /** What the limits are, in words. */
  words: string;
}

/** The largest size of the same shape that is taken, and no larger than it is. */
export function fitted(size: Size, { takes }: PictureLimits): Size {
  for (let longest = Math.max(size.width, size.height); ; longest--) {
    const factor = longest / Math.max(size.width, size.height);
    const smaller = {
      width: Math.max(1, Math.round(size.width * factor)),
      height: Math.max(1, Math.round(size.height * factor)),
    };
    if (longest <= 1 || takes(smaller)) return smaller;
  }
}

/** The desktop and the picture of it that a model sees, and the way between them. */
export class Geometry {
  private constructor(
    private readonly desktop: Size,
    readonly picture: Size,
  ) {}

  /** `declared`: the picture's size, in place of the desktop's own. Throws `usage` when it is not taken. */
  static of(desktop: Size, limits: PictureLimits, declared?: Size): Geometry {
    if (declared && !limits.takes(declared)) {
      const size = `${declared.width}x${declared.height}`;
      throw new NexoraError("usage", `display: a picture of ${size} is not taken: ${limits.words}`);
    }
    return new Geometry(desktop, declared ?? fitted(desktop, limits));
  }

  /** The middle of a pixel of the picture. Throws `usage` for one outside of it. */
  toDesktop({ x, y }: Point): Point {
    const { picture, desktop } = this;
    const inside = x >= 0 && y >= 0 && x < picture.width && y < picture.height;
    if (!inside) {
      const size = `${picture.width}x${picture.height}`;
      throw new NexoraError("usage", `${x},${y} is outside of the screen, which is ${size}`);
    }
    return {
      x: place(x, picture.width, desktop.width),
      y: place(y, picture.height, desktop.height),
    };
  }

  /** The pixel of the picture that shows a point of the desktop. */
  toPicture({ x, y }: Point): Point {
    const { picture, desktop } = this;
    return {
      x: Math.floor(((x + 0.5) * picture.width) / desktop.width),
      y: Math.floor(((y + 0.5) * picture.height) / desktop.height),
    };
  }

  /** How many pixels of the desktop one of the picture is, across and down. */
  get scale(): Point {
    const { picture, desktop } = this;
    return { x: desktop.width / picture.width, y: desktop.height / picture.height };
  }

  /** The part of the desktop between two corners of the picture. Throws `usage` when that is none. */
  region(from: Point, to: Point): Region {
    const { picture, desktop } = this;
    const inside = from.x >= 0 && from.y >= 0 && to.x <= picture.width && to.y <= picture.height;
    if (!inside || to.x <= from.x || to.y <= from.y) {
      throw new NexoraError(
        "usage",
        `[${from.x}, ${from.y}, ${to.x}, ${to.y}] is no part of the screen, which is ${picture.width}x${picture.height}: give x0, y0, x1, y1, the left upper and the right lower corner`,
      );
    }
    const x = Math.floor((from.x * desktop.width) / picture.width);
    const y = Math.floor((from.y * desktop.height) / picture.height);
    const right = Math.ceil((to.x * desktop.width) / picture.width);
    const bottom = Math.ceil((to.y * desktop.height) / picture.height);
    return { x, y, width: right - x, height: bottom - y };
  }

  /** Size of a picture of such a part: as large as the whole one's, in the part's own shape. */
  zoomed({ width, height }: Size): Size {
    const factor = Math.min(this.picture.width / width, this.picture.height / height);
    return {
      width: Math.max(1, Math.floor(width * factor)),
      height: Math.max(1, Math.floor(height * factor)),
    };
  }
}

function place(at: number, shown: number, real: number): number {
  const pixel = Math.min(shown - 1, Math.round(at));
  return Math.floor(((pixel + 0.5) * real) / shown);
}
