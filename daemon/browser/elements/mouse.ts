import type { Protocol } from "devtools-protocol";
import type { Point } from "./aim.ts";
import type { PageLink } from "./page-link.ts";

export type MouseButton = "left" | "middle" | "right" | "back" | "forward";
/** Bits of CDP's `buttons`. */
const buttonBits: Record<MouseButton, number> = {
  left: 1,
  right: 2,
  middle: 4,
  back: 8,
  forward: 16,
};
/** Longest step of a drag, in CSS pixels: pages follow motion, not leaps. */
const stepPixels = 50;

/** The pointer of a page, as its renderer gets it: points are those of the page's viewport. */
export class Mouse {
  constructor(
    private readonly page: PageLink,
    private readonly modifiers: number,
    private readonly signal: AbortSignal,
  ) {}

  move(to: Point, button: MouseButton | null = null): Promise<unknown> {
    const pressed = button ? { button, buttons: buttonBits[button] } : {};
    return this.send({ type: "mouseMoved", ...to, ...pressed });
  }

  /** Where the pointer is; all at once, so that nothing comes between. */
  async click(at: Point, button: MouseButton, count: number): Promise<void> {
    const sent: Promise<unknown>[] = [];
    for (let clickCount = 1; clickCount <= count; clickCount++) {
      sent.push(this.press(at, button, clickCount), this.release(at, button, clickCount));
    }
    await Promise.all(sent);
  }

  press(at: Point, button: MouseButton, clickCount = 1): Promise<unknown> {
    return this.send({
      type: "mousePressed",
      ...at,
      button,
      buttons: buttonBits[button],
      clickCount,
    });
  }

  release(at: Point, button: MouseButton, clickCount = 1): Promise<unknown> {
    return this.send({ type: "mouseReleased", ...at, button, buttons: 0, clickCount });
  }

  /** Turns the wheel by so many CSS pixels. */
  wheel(at: Point, deltaX: number, deltaY: number): Promise<unknown> {
    return this.send({ type: "mouseWheel", ...at, deltaX, deltaY });
  }

  private send(event: Protocol.Input.DispatchMouseEventRequest): Promise<unknown> {
    const params = { modifiers: this.modifiers, ...event };
    return this.page.send("Input.dispatchMouseEvent", params, { signal: this.signal });
  }
}

/** Points on the way, the last one included, the first one not. */
export function stepsBetween(from: Point, to: Point): Point[] {
  const count = Math.max(3, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / stepPixels));
  return Array.from({ length: count }, (_, at) => {
    const part = (at + 1) / count;
    return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
  });
}
