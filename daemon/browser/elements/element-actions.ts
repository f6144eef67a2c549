import { NexoraError } from "../../../src/contract/errors.ts";
import { type Aimed, aim, hit, isStillThere, type Wanted } from "./aim.ts";
import { drag } from "./drag.ts";
import type { Element, Elements } from "./elements.ts";
import type { AllFrames } from "./frames.ts";
import { holding, type ModifierName, pressChords } from "./keyboard.ts";
import { Mouse, type MouseButton } from "./mouse.ts";
import type { PageLink } from "./page-link.ts";
import type { Wish } from "./page-types.ts";

/** Where a target is, and how long it may take to be there. */
type Place = Pick<Wanted, "session" | "page" | "timeoutMs" | "signal">;
/** Where an action is; `turn` resolves when it may do what it does, which is asked once its target is ready. */
export type Where = Place & { turn: () => Promise<void> };
type At = { x: number; y: number } | undefined;

/** How often the pointer's own way to a target may open something over it. */
const mostDetours = 3;

/** What is done to an element of a page, by input events as a person's are. */
export class ElementActions {
  /** Pages that believe to have the focus, whatever window has it. */
  private readonly focused = new WeakSet<PageLink>();

  constructor(private readonly elements: Elements) {}

  /** Moves to the target, and clicks it. Resolves with what it was. */
  async click(
    where: Where,
    target: string,
    how: { button: MouseButton; count: number; hold: readonly ModifierName[]; at?: At },
  ): Promise<string> {
    const { page, signal } = where;
    return this.pointed(
      where,
      target,
      { ...hit, at: how.at ?? null },
      how.hold,
      async (aimed, bits) => {
        await new Mouse(page, bits, signal).click(aimed.point, how.button, how.count);
      },
    );
  }

  async hover(
    where: Where,
    target: string,
    { hold, at }: { hold: readonly ModifierName[]; at?: At },
  ): Promise<string> {
    const need = { ...hit, enabled: false, at: at ?? null };
    return this.pointed(where, target, need, hold, async () => {});
  }

  /** Presses chords where the focus is, or in a target, which gets it. */
  async press(
    where: Where,
    keys: readonly string[],
    target: string | undefined,
  ): Promise<string[]> {
    const { page, signal } = where;
    if (target === undefined) {
      await where.turn();
      await this.prepare(where);
    } else {
      const element = await this.ready(where, target, { ...hit, enabled: false, hit: false });
      await this.elements.call(element, "focus", [element.n], signal);
    }
    return pressChords(page, keys, signal);
  }

  /** Brings a target into view, or turns the wheel over it, or over the middle of the page. */
  async scroll(where: Where, target: string | undefined, by: { x: number; y: number } | null) {
    const { page, signal } = where;
    const { elements } = this;
    if (target !== undefined && by === null) {
      const element = await this.find(where, target);
      await where.turn();
      await elements.call(element, "intoView", [element.n], signal);
      const scrolled = await elements.call(element, "scrolled", [element.n], signal);
      return { target: element.named, ...scrolled };
    }
    const aimed =
      target === undefined ? null : await this.aim(where, target, { ...hit, enabled: false });
    await where.turn();
    if (!aimed) await this.prepare(where);
    const [main] = await elements.frames.of(page, signal);
    const frame = aimed?.element.frame ?? main;
    const point = aimed?.point ?? (await elements.frames.call(page, main, "middle", [], signal));
    const mouse = new Mouse(page, 0, signal);
    await mouse.move(point);
    await mouse.wheel(point, by?.x ?? 0, by?.y ?? 0);
    const n = aimed?.element.n ?? null;
    const scrolled = await elements.frames.call(page, frame, "scrolledToRest", [n], signal);
    return { target: aimed?.element.named ?? null, ...scrolled };
  }

  /** Drags one target to another. */
  async drag(where: Where, from: string, to: string, hold: readonly ModifierName[]) {
    const { page, signal } = where;
    const start = await this.aim(where, from, hit);
    const need = { ...hit, enabled: false, hit: false };
    // That it is there is known before anything is pressed.
    const end = await this.aim(where, to, need);
    const again = { ...where, target: to, need };
    await where.turn();
    return holding(page, hold, signal, async (modifiers) => {
      const over = await this.moveTo(where, from, start, hit, modifiers);
      const place = async () => (await aim(this.elements, again)).point;
      await drag(this.elements, over, place, modifiers, signal);
      return { from: start.element.named, to: end.element.named };
    });
  }

  /** The one element that a target means, as soon as it is there. */
  find({ session, page, signal, timeoutMs }: Place, target: string): Promise<Element> {
    return this.elements.wait(session, page, target, timeoutMs, signal);
  }

  private async pointed(
    where: Where,
    target: string,
    need: Wish,
    hold: readonly ModifierName[],
    act: (aimed: Aimed, modifiers: number) => Promise<void>,
  ): Promise<string> {
    const { page, signal } = where;
    const aimed = await this.aim(where, target, need);
    await where.turn();
    return holding(page, hold, signal, async (modifiers) => {
      const now = await this.moveTo(where, target, aimed, need, modifiers);
      await act(now, modifiers);
      return now.element.named;
    });
  }

  /** Moves the pointer over an element, again when something opens or shifts because of that. */
  private async moveTo(
    where: Where,
    target: string,
    aimed: Aimed,
    need: Wish,
    modifiers: number,
  ): Promise<Aimed> {
    const mouse = new Mouse(where.page, modifiers, where.signal);
    let now = aimed;
    for (let detour = 0; ; detour++) {
      await mouse.move(now.point);
      if (await isStillThere(this.elements, now, where.signal)) return now;
      if (detour >= mostDetours) throw evasive(now.element.named);
      now = await this.aim(where, target, need);
    }
  }

  /** The element once it is ready, and it is the action's turn. */
  async ready(where: Where, target: string, need: Wish): Promise<Element> {
    const { element } = await this.aim(where, target, need);
    await where.turn();
    return element;
  }

  private async aim(where: Where, target: string, need: Wish): Promise<Aimed> {
    const [, aimed] = await Promise.all([
      this.believe(where),
      aim(this.elements, { ...where, target, need }),
    ]);
    return aimed;
  }

  /** A tab that is behind is brought to the front: it takes no input there, and paints nothing. */
  private async prepare(where: Where): Promise<void> {
    const { page, signal } = where;
    const { frames } = this.elements;
    const isHidden = ([main]: AllFrames) => frames.call(page, main, "isHidden", [], signal);
    const [, hidden] = await Promise.all([this.believe(where), frames.on(page, signal, isHidden)]);
    if (hidden) await page.send("Page.bringToFront", undefined, { signal });
  }

  private async believe({ page, signal }: Where): Promise<void> {
    if (this.focused.has(page)) return;
    await page.send("Emulation.setFocusEmulationEnabled", { enabled: true }, { signal });
    this.focused.add(page);
  }
}

function evasive(named: string): NexoraError {
  return new NexoraError(
    "target_not_ready",
    `${named} is covered, or moves, whenever the pointer comes to it; nothing was clicked`,
    { hint: "look at it with `nexora chrome shot`", details: { why: "covered" } },
  );
}
