import { asNexoraError } from "../../src/contract/errors.ts";
import { pressOrder } from "../../src/keys/chord.ts";
import { modifierKeysyms } from "../../src/keys/names.ts";
import type { Display } from "../display/types.ts";
import { pause } from "./spacing.ts";

export interface Point {
  x: number;
  y: number;
}

/** Bits of RFB's button mask (RFC 6143 §7.5.5; back and forward: ExtendedMouseButtons). */
const buttonBits = { left: 0, middle: 1, right: 2, back: 7, forward: 8 } as const;
const wheelBits = { up: 3, down: 4, left: 5, right: 6 } as const;
export type Button = keyof typeof buttonBits;
export type Direction = keyof typeof wheelBits;
export type Modifier = keyof typeof modifierKeysyms;

/** Longest step of a drag, in pixels: programs follow motion, not leaps. */
const stepPixels = 24;
/**
 * Between two clicks of one double click, in milliseconds: a window manager that still deals with the
 * first, which gives a window the focus, keeps the second to itself.
 */
const betweenClicksMs = 40;
/** Notches of the wheel in one write. */
const notchesAtOnce = 50;

/**
 * The pointer of one display. Whatever it has pressed is up again when a call ends, however, but for a
 * button that `down` was told to hold.
 */
export class Pointer {
  constructor(
    private readonly display: Display,
    /** Where it is. */
    public place: Point,
    private readonly signal: AbortSignal,
    /** Which buttons are down meanwhile, as bits of RFB's mask. */
    public held = 0,
  ) {}

  /** Resolves when the server has moved it. */
  async move(to: Point, hold: readonly Modifier[] = []): Promise<void> {
    await this.holding(hold, async () => this.send(to, this.held));
  }

  /** Presses a button, which stays down until `up`, or until it is clicked or dragged with. */
  async down(button: Button): Promise<void> {
    this.held |= 1 << buttonBits[button];
    this.send(this.place, this.held);
    await this.display.sync(this.signal);
  }

  async up(button: Button): Promise<void> {
    this.held &= ~(1 << buttonBits[button]);
    this.send(this.place, this.held);
    await this.display.sync(this.signal);
  }

  async click(button: Button, count: number, hold: readonly Modifier[]): Promise<void> {
    const at = this.place;
    await this.holding(hold, async () => {
      for (let click = 0; click < count; click++) {
        if (click > 0) await pause(betweenClicksMs, this.signal);
        this.press(at, buttonBits[button]);
      }
    });
  }

  /** From where it is along the path. */
  async drag(path: readonly Point[], button: Button, hold: readonly Modifier[]): Promise<void> {
    const mask = this.held | (1 << buttonBits[button]);
    let at = this.place;
    await this.holding(hold, async () => {
      try {
        this.send(at, mask);
        await this.display.sync(this.signal);
        for (const to of path) {
          for (const step of stepsBetween(at, to)) {
            this.send(step, mask);
            await this.display.sync(this.signal);
          }
          at = to;
        }
      } finally {
        this.held &= ~(1 << buttonBits[button]);
        if (!this.display.closed) {
          this.display.pointerEvent(this.place.x, this.place.y, this.held);
        }
      }
    });
  }

  async scroll(direction: Direction, notches: number, hold: readonly Modifier[]): Promise<void> {
    const at = this.place;
    await this.holding(hold, async () => {
      for (let notch = 1; notch <= notches; notch++) {
        this.press(at, wheelBits[direction]);
        if (notch % notchesAtOnce === 0) await this.display.sync(this.signal);
      }
    });
  }

  /** Down and up in one: nothing comes between. */
  private press(at: Point, bit: number): void {
    this.send(at, this.held | (1 << bit));
    this.held &= ~(1 << bit);
    this.display.pointerEvent(at.x, at.y, this.held);
  }

  private send({ x, y }: Point, mask: number): void {
    if (this.signal.aborted) throw asNexoraError(this.signal.reason);
    this.display.pointerEvent(x, y, mask);
    this.place = { x, y };
  }

  private async holding(hold: readonly Modifier[], act: () => Promise<void>): Promise<void> {
    const held = pressOrder.filter((name) => hold.includes(name));
    const keysyms = held.map((name) => modifierKeysyms[name]);
    const keys = (down: boolean) => keysyms.map((keysym) => ({ keysym, down }));
    if (keysyms.length > 0) this.display.keys(keys(true));
    try {
      await act();
    } finally {
      if (keysyms.length > 0 && !this.display.closed) this.display.keys(keys(false).reverse());
    }
    await this.display.sync(this.signal);
  }
}

/** Points on the way, the last one included, the first one not. */
function stepsBetween(from: Point, to: Point): Point[] {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const count = Math.max(1, Math.ceil(length / stepPixels));
  return Array.from({ length: count }, (_, at) => {
    const part = (at + 1) / count;
    return {
      x: Math.round(from.x + (to.x - from.x) * part),
      y: Math.round(from.y + (to.y - from.y) * part),
    };
  });
}
