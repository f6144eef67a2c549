import { NexoraError } from "../../../../src/contract/errors.ts";
import type {
  RunnerAccessibleWindow,
  RunnerElement,
  RunnerElementAct,
  RunnerElementActed,
} from "../../../../src/runner/elements.ts";
import { codeOf } from "../../../../src/thrown.ts";
import type { Rectangle } from "../x11/requests.ts";
import type { Accessible, Atspi } from "./atspi.ts";
import { intersection } from "./boxes.ts";
import { keyOf, opensPopup, programRoot } from "./identity.ts";
import { popupOf, windowOf } from "./owners.ts";
import { clipping, passwordRole, roleOf, state, stateWords } from "./roles.ts";

/** What does what a click would, the best first; other actions are the toolkit's own. */
const pressing = ["click", "press", "activate", "toggle", "jump", "open", "select"];
/** Longest value that is passed on, in characters. */
const maxValue = 1000;
/** Deepest nesting that is followed up to the window. */
const deepest = 60;

/** Finds one element again, by its key, and does something with it. */
export class Element {
  private constructor(
    private readonly atspi: Atspi,
    private readonly key: string,
    private readonly at: Accessible,
  ) {}

  /** Throws `usage` for what is no key. */
  static of(atspi: Atspi, key: string): Element {
    const [, bus, path] = /^(:[\w.]+)(\/[\w/]*)/.exec(key) ?? [];
    if (!bus || !path) throw new NexoraError("usage", "`key` is none of an element");
    return new Element(atspi, key, { bus, path });
  }

  /** Does it, unless the element is gone: then `element` is null. Throws what the program says. */
  async act(
    act: RunnerElementAct,
    windows: readonly RunnerAccessibleWindow[],
  ): Promise<RunnerElementActed> {
    const found = await this.find(windows, act !== "see" && act !== "read");
    if (!found) return { element: null, window: null, done: false };
    if (act === "read") {
      const element = { ...found.element, value: await this.value() };
      return { ...found, element, done: true };
    }
    if (act === "see" || act === "locate") return { ...found, done: true };
    const done = act === "focus" ? await this.focus() : await this.press();
    return { ...found, done };
  }

  private async find(
    windows: readonly RunnerAccessibleWindow[],
    /** Scroll it into view where it is not. */
    scrolls: boolean,
  ): Promise<{ element: RunnerElement; window: string | null } | null> {
    const { atspi, at } = this;
    let facts = await this.facts();
    if (scrolls && facts && (!facts.isShowing || facts.isOutOfSight)) {
      await atspi.scrollTo(at).catch(() => {});
      facts = await this.facts();
    }
    if (!facts?.isShowing) return null;
    if (scrolls && facts.isOutOfSight) {
      throw new NexoraError(
        "action_failed",
        "it is scrolled out of sight, and its program does not scroll by itself",
      );
    }
    const { number, name, box, states, top, isInPopup } = facts;
    const role = roleOf(number);
    const pid = await atspi.pid(at.bus).catch(() => null);
    const own = windows.filter(
      (window) => window.managed && window.pid !== null && window.pid === pid,
    );
    const others = windows.filter((window) => !window.managed);
    const popup = isInPopup ? popupOf({ box }, others) : null;
    const window = popup ?? windowOf(top, own, false);
    const told = {
      role: role.name,
      name,
      value: null,
      states,
      box,
      depth: 0,
      listed: true,
      lines: [],
    };
    return { element: { key: this.key, ...told }, window: window?.id ?? null };
  }

  /** What it is now; null when it is gone, or has become another one. */
  private async facts() {
    const { atspi, at } = this;
    try {
      const [has, number, name, hasPlaces] = await Promise.all([
        atspi.states(at),
        atspi.role(at),
        atspi.name(at),
        atspi.hasPlaces(programRoot(at)),
      ]);
      if (keyOf({ at, role: roleOf(number), name }) !== this.key) return null;
      const whole = hasPlaces ? await atspi.box(at).catch(() => null) : null;
      const { box, top, isInPopup } = await this.surroundings(whole);
      return {
        ...{ number, name, box, top, isInPopup, states: stateWords(has, number) },
        isShowing: has(state.showing),
        isOutOfSight: whole !== null && box === null,
      };
    } catch (error) {
      if (codeOf(error) === "timeout") throw error;
      return null;
    }
  }

  /** What can be seen of it, its top-level element, and whether it has opened out of another one. */
  private async surroundings(whole: Rectangle | null): Promise<{
    box: Rectangle | null;
    top: { name: string; box: Rectangle | null };
    isInPopup: boolean;
  }> {
    const { atspi } = this;
    let box = whole;
    let isInPopup = false;
    let top = this.at;
    for (let depth = 0; depth < deepest; depth++) {
      const parent = await atspi.parent(top);
      if (!parent || parent.path === programRoot(parent).path || parent.bus !== top.bus) break;
      const number = await atspi.role(parent);
      isInPopup ||= opensPopup(roleOf(number));
      if (box && clipping.has(number) && !isInPopup) {
        const edge = await atspi.box(parent).catch(() => null);
        if (edge) box = intersection(box, edge);
      }
      top = parent;
    }
    const [name, topBox] = await Promise.all([
      atspi.name(top).catch(() => ""),
      whole ? atspi.box(top).catch(() => null) : null,
    ]);
    return { box, top: { name, box: topBox }, isInPopup };
  }

  /** What it holds, or as much as is passed on; null: nothing, or it is not told. */
  private async value(): Promise<string | null> {
    const { atspi, at } = this;
    const [number, can] = await Promise.all([atspi.role(at), atspi.interfaces(at)]);
    const { name, kind } = roleOf(number);
    if (number === passwordRole) return null;
    if ((name === "textbox" || name === "spinbutton") && can.has("Text")) {
      return atspi.text(at, 0, Math.min(await atspi.length(at), maxValue));
    }
    const setting = kind === "control" && can.has("Value") ? await atspi.value(at) : null;
    return setting === null ? null : String(setting);
  }

  /** Gives it the focus of the keyboard, the caret at the end of what it has. */
  private async focus(): Promise<boolean> {
    const { atspi, at } = this;
    const [has, can] = await Promise.all([atspi.states(at), atspi.interfaces(at)]);
    if (has(state.focused)) return true;
    if (!can.has("Component") || !(await atspi.grabFocus(at))) return false;
    // Who gets the focus that way has all of its text selected: the first key would replace it.
    if (can.has("Text")) await atspi.setCaret(at, await atspi.length(at)).catch(() => {});
    return true;
  }

  /** What a click would do, for toolkits that tell no places. */
  private async press(): Promise<boolean> {
    const { atspi, at } = this;
    const [role, can] = await Promise.all([atspi.role(at), atspi.interfaces(at)]);
    if (roleOf(role).name === "textbox") return this.focus();
    if (!can.has("Action")) return false;
    const actions = await atspi.actions(at);
    const names = actions.map((name) => name.toLowerCase());
    const best = pressing.map((name) => names.indexOf(name)).find((index) => index >= 0);
    if (actions.length === 0) return false;
    try {
      return await atspi.act(at, best ?? 0);
    } catch (error) {
      // A program that opens a dialog by that may not answer before the dialog is closed.
      if (codeOf(error) === "timeout") return true;
      throw error;
    }
  }
}
