import { delay } from "../../src/abort.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import { overlaps } from "../display/region.ts";
import type { Display, Framebuffer, Region } from "../display/types.ts";
import type { Direction, Modifier, Pointer } from "../input/pointer.ts";
import { meet } from "../perception/visible.ts";
import { movedUp, shotOf } from "./movement.ts";

/**
 * How long a program may take to scroll at all, how long no pixel changes once it has, and how long all of that
 * may take, in milliseconds.
 */
const [reactMs, calmMs, longestMs] = [600, 150, 1_500];
/** Notches of one call. */
const mostNotches = 1000;
/** Of a part of the screen, that what is turned at once may move: more cannot be compared. */
const mostAtOnce = 0.4;

export interface Scrolled {
  notches: number;
  /** How far what shows has moved; null: the picture does not tell. */
  pixels: number | null;
}

/** A wheel knows notches only: turns them until what `part` shows has moved by so many pixels, as nearly as can be. */
export async function scrollPixels(
  pointer: Pointer,
  display: Display,
  part: Region,
  wanted: { direction: Direction; pixels: number; hold: readonly Modifier[] },
  signal: AbortSignal,
): Promise<Scrolled> {
  const { direction, pixels, hold } = wanted;
  const { framebuffer } = display;
  const seen = meet(part, { x: 0, y: 0, width: framebuffer.width, height: framebuffer.height });
  if (!seen) throw new NexoraError("action_failed", "nothing of the window shows");
  const isAcross = direction === "left" || direction === "right";
  const sign = direction === "down" || direction === "right" ? 1 : -1;
  const shot = (of: Framebuffer) => shotOf(of, seen, isAcross);
  let before = shot(framebuffer);
  let [notches, moved, turn] = [0, 0, 1];
  while (notches < mostNotches) {
    await settled(display, seen, () => pointer.scroll(direction, turn, hold), signal);
    notches += turn;
    if (display.framebuffer !== framebuffer) throw resized();
    const after = shot(framebuffer);
    const by = movedUp(before, after);
    if (by === null) return { notches, pixels: null };
    const step = sign * by;
    moved += step;
    // The end is reached, or what it does is no scrolling.
    if (step <= 0) break;
    const perNotch = step / turn;
    const left = Math.round((pixels - moved) / perNotch);
    if (left <= 0) break;
    turn = Math.max(1, Math.min(left, Math.floor((mostAtOnce * before.height) / perNotch)));
    before = after;
  }
  return { notches, pixels: moved };
}

/** Does something, and resolves when its effect on a part of the screen is over. */
async function settled(
  display: Display,
  part: Region,
  act: () => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  let last: number | null = null;
  const stop = display.onChange((regions) => {
    if (regions.some((region) => overlaps(region, part))) last = performance.now();
  });
  try {
    await act();
    const begun = performance.now();
    for (;;) {
      const calm = last === null ? begun + reactMs : last + calmMs;
      const left = Math.min(begun + longestMs, calm) - performance.now();
      if (left <= 0) return;
      await delay(left, signal);
      signal.throwIfAborted();
      if (display.closed) throw display.closed;
    }
  } finally {
    stop();
  }
}

function resized(): NexoraError {
  return new NexoraError("action_failed", "the desktop was resized while the wheel was turned", {
    hint: "look at the screen, and try again",
  });
}
