import { NexoraError } from "../../src/contract/errors.ts";
import type { PointerPlace } from "../../src/contract/pointer.ts";
import type { ManagedWindow } from "../../src/contract/window.ts";
import type { Display, Displays, Region } from "../display/types.ts";
import { type Point, Pointer } from "../input/pointer.ts";
import type { Blocks } from "../perception/blocks.ts";
import { isIn } from "../perception/visible.ts";
import type { Turns } from "../turns.ts";
import { type Aim, Aiming, type AimingParts, type Frame, type Place, placeless } from "./aiming.ts";
import { HeldButtons } from "./held-buttons.ts";

/** How long a new connection may take to let go of what a broken one has pressed, in milliseconds. */
const letGoMs = 5_000;

/** What is around a pointer that has come to the first of its places. */
interface Where {
  /** The other places. */
  way: readonly Point[];
  display: Display;
  /** The part of the window under it that shows there. Throws `action_failed` when there is none. */
  under: () => Promise<Region>;
}

/** What is done where the pointer is, and then on the way to the other points. */
interface Doing {
  act?: (pointer: Pointer, where: Where) => Promise<void>;
  /** It is a plain click, which some things do by themselves. */
  press?: boolean;
}

export interface PointingParts extends AimingParts {
  displays: Pick<Displays, "acquire">;
  blocks: Pick<Blocks, "under">;
  /** Keys and pointer of a session take turns. */
  turns: Pick<Turns, "run">;
}

/** The pointers of all sessions. */
export class Pointing {
  private readonly held = new HeldButtons();

  private readonly aiming: Aiming;

  constructor(private readonly its: PointingParts) {
    this.aiming = new Aiming(its);
  }

  /**
   * Moves the pointer to the first of the places, if there are any, and lets `act` go on with the
   * others, as points of the desktop. Says where the pointer is in the end. Throws `usage` for a point off the screen or an
   * unknown picture, what `TextPlaces.find` and `Things.locate` throw, `action_failed` when another window covers the first
   * point of the named window, or the thing. With `press`, a thing whose place is unknown is pressed by its own action.
   */
  async perform(
    session: string,
    places: readonly Place[],
    frame: Frame,
    signal: AbortSignal,
    { act = async () => {}, press = false }: Doing = {},
  ): Promise<PointerPlace> {
    const { windows, texts, things, displays, turns } = this.its;
    const work = async () => {
      const { there, window, thing, text } = await this.aiming.aim(session, places, frame, signal);
      if (press && thing && !thing.found.box) {
        await things.press(session, thing.ref, thing.found, signal);
        return this.over(session, signal);
      }
      using lease = await displays.acquire(session, signal);
      const { display } = lease;
      for (const point of there) checkOnScreen(point, display.framebuffer);
      const first = there[0] ?? (await windows.list(session, signal)).pointer;
      const pointer = new Pointer(display, first, signal, this.held.of(session, display));
      await pointer.move(first);
      if (window) await this.checkUncovered(session, window, first, signal);
      if (thing) await this.checkThere(session, thing, { at: first, window }, signal);
      if (text) await texts.checkThere(session, text, first, signal);
      try {
        const under = () => this.under(session, pointer.place, signal);
        await act(pointer, { way: there.slice(1), display, under });
      } finally {
        if (display.closed) await this.letGo(session, pointer.place);
        else await this.held.keep(session, pointer.held, () => displays.acquire(session));
      }
      return this.over(session, signal);
    };
    return turns.run(session, work, signal);
  }

  /** A connection that broke has left its buttons as they were: another one lets go of them. */
  private async letGo(session: string, { x, y }: Point): Promise<void> {
    const signal = AbortSignal.timeout(letGoMs);
    using lease = await this.its.displays.acquire(session, signal);
    lease.display.pointerEvent(x, y, 0);
    await lease.display.sync(signal);
  }

  private async under(session: string, { x, y }: Point, signal: AbortSignal): Promise<Region> {
    const window = await this.its.blocks.under(session, { x, y }, signal);
    const part = window?.visible.find((each) => isIn(x, y, [each]));
    if (part) return part;
    throw new NexoraError("action_failed", `no window shows at ${x},${y}`);
  }

  private async checkUncovered(
    session: string,
    { id, title, region }: ManagedWindow,
    aimed: Point,
    signal: AbortSignal,
  ): Promise<void> {
    const { windows, pointer } = await this.its.windows.list(session, signal);
    const now = windows.find((each) => each.id === id)?.region;
    const isThere = pointer.x === aimed.x && pointer.y === aimed.y;
    if (!isThere || JSON.stringify(now) !== JSON.stringify(region)) {
      const became = now ? "moved" : "gone";
      const what = isThere ? `window ${id} has ${became}` : "somebody else has moved the pointer";
      throw new NexoraError("action_failed", `${what} meanwhile; nothing was clicked`, {
        hint: "look at the screen, and try again",
      });
    }
    if (pointer.window === id) return;
    const above = windows.find((each) => each.id === pointer.window);
    const what = above ? `${above.id} ${JSON.stringify(above.title)}` : "something else";
    throw new NexoraError(
      "action_failed",
      `${what} covers ${pointer.x},${pointer.y} of window ${id} ${JSON.stringify(title)}; nothing was clicked`,
      { hint: `\`nexora window raise ${id}\` puts it in front` },
    );
  }

  /** That the thing is still where the pointer is, and that nothing is in front of a menu's. */
  private async checkThere(
    session: string,
    { ref, found }: NonNullable<Aim["thing"]>,
    { at, window }: { at: Point; window: ManagedWindow | null },
    signal: AbortSignal,
  ): Promise<void> {
    const { things, texts, blocks } = this.its;
    if (!found.box) throw placeless(ref, found);
    const { box } = await things.locate(session, ref, signal).catch(async (error) => {
      if (!(error instanceof NexoraError) || error.code !== "stale_ref") throw error;
      const { code, message, hint } = error;
      const instead = await texts.instead(session, at, signal);
      throw new NexoraError(code, `${message}; ${instead}`, { hint });
    });
    const isThere = box !== null && isIn(at.x, at.y, [box]);
    // Nothing is over a window that was looked at before; a menu may be gone, or behind another one.
    const over = window ? null : await blocks.under(session, at, signal);
    const isFree = found.window === null ? !over?.managed : over?.id === found.window;
    if (isThere && (window || isFree)) return;
    const why = isThere ? `${over?.id ?? "something else"} covers it` : "it has moved meanwhile";
    throw new NexoraError("action_failed", `${ref} is not clicked: ${why}`, {
      hint: "look at the screen, and try again",
    });
  }

  private async over(session: string, signal: AbortSignal): Promise<PointerPlace> {
    const { windows, pointer } = await this.its.windows.list(session, signal);
    const found = windows.find(({ id }) => id === pointer.window);
    const over = found ? { id: found.id, title: found.title, class: found.class } : null;
    return { pointer: { x: pointer.x, y: pointer.y }, over };
  }
}

function checkOnScreen({ x, y }: Point, { width, height }: { width: number; height: number }) {
  if (x >= 0 && y >= 0 && x < width && y < height) return;
  throw new NexoraError("usage", `${x},${y} is off the screen, which is ${width}x${height}`, {
    hint: "coordinates begin at 0,0 in the upper left corner; nothing was moved or pressed",
  });
}
