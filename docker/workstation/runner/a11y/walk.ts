import { codeOf } from "../../../../src/thrown.ts";
import type { Rectangle } from "../x11/requests.ts";
import type { Accessible, Atspi } from "./atspi.ts";
import { inReadingOrder, intersection } from "./boxes.ts";
import { childrenOf } from "./children.ts";
import {
  clipping,
  opening,
  passwordRole,
  plainRole,
  type Role,
  roleOf,
  state,
  stateWords,
} from "./roles.ts";
import { type Line, visibleText } from "./visible-text.ts";

/** An element that shows, with those in it in reading order. */
export interface Seen {
  at: Accessible;
  role: Role;
  name: string;
  value: string | null;
  states: string[];
  /** What is seen of it; null: its toolkit does not tell. */
  box: Rectangle | null;
  /** What it shows itself: not what those in it show. */
  lines: Line[];
  children: Seen[];
}

/** Most elements of a window that are looked at, and the deepest nesting. */
const [most, deepest] = [4000, 60];
/** Longest name and value that are passed on, in characters. */
const maxName = 500;

const tooLong = "its program has taken too long to tell of all its elements";

/** Looks at the elements of one window. */
export class Walk {
  /** Why some may be missing. */
  degraded: string | null = null;
  private left = most;

  constructor(
    private readonly atspi: Atspi,
    /** GTK 4 says of every element that it is at 0,0. */
    private readonly hasPlaces: boolean,
    private readonly signal: AbortSignal,
  ) {}

  /** An element and all in it that show; null when it does not show. */
  async see(at: Accessible, clip: Rectangle | null = null, depth = 0): Promise<Seen | null> {
    if (this.signal.aborted || depth > deepest || this.left-- <= 0) {
      this.degraded ??= this.signal.aborted
        ? tooLong
        : `it has more than ${most} elements: these are the first`;
      return null;
    }
    try {
      return await this.look(at, clip, depth);
    } catch (error) {
      this.missed(error);
      return null;
    }
  }

  /** Something is not told, since its program does not answer; or it has gone meanwhile. */
  private missed(error: unknown): void {
    if (codeOf(error) !== "timeout") return;
    this.degraded ??= this.signal.aborted ? tooLong : "its program does not answer";
  }

  private async look(at: Accessible, clip: Rectangle | null, depth: number): Promise<Seen | null> {
    const { atspi } = this;
    const [has, number, can] = await Promise.all([
      atspi.states(at),
      atspi.role(at),
      atspi.interfaces(at),
    ]);
    if (!has(state.showing)) return null;
    const [name, whole] = await Promise.all([
      atspi.name(at),
      this.hasPlaces && can.has("Component") ? atspi.box(at) : null,
    ]);
    const box = whole && clip ? intersection(whole, clip) : whole;
    if (whole && !box) return null; // Scrolled out of sight.
    // Nobody acts on what is nowhere: the tab of a notebook that shows no tabs.
    const isNowhere = this.hasPlaces && !box && roleOf(number).kind === "control";
    const role = isNowhere ? plainRole : roleOf(number);
    const inner = opening.has(number) ? null : clipping.has(number) ? box : clip;
    const [text, setting, children] = await Promise.all([
      can.has("Text") && role.kind !== "group" ? this.text(at, box) : [],
      can.has("Value") && role.kind === "control" ? atspi.value(at) : null,
      this.children(at, { number, has, box }, inner, depth),
    ]);
    const isText = role.name === "textbox" || role.name === "spinbutton";
    const written = text.map(({ text }) => text).join("\n");
    return {
      at,
      role,
      name: name.slice(0, maxName),
      value: writtenValue({
        isText,
        isPassword: number === passwordRole,
        written,
        number: setting,
      }),
      states: stateWords(has, number),
      box,
      lines: this.ownLines({ role, name, box, text, children }),
      children,
    };
  }

  private async text(at: Accessible, box: Rectangle | null): Promise<Line[]> {
    const missed = (error: unknown) => this.missed(error);
    try {
      return await visibleText(this.atspi, at, box, missed);
    } catch (error) {
      missed(error);
      return [];
    }
  }

  private async children(
    at: Accessible,
    own: { number: number; has: (bit: number) => boolean; box: Rectangle | null },
    clip: Rectangle | null,
    depth: number,
  ): Promise<Seen[]> {
    const { children, degraded } = await childrenOf(this.atspi, at, own);
    this.degraded ??= degraded;
    const seen = await Promise.all(children.map((child) => this.see(child, clip, depth + 1)));
    return inReadingOrder(seen.filter((child) => child !== null));
  }

  /** A control's name is what it shows, unless what is in it shows something. */
  private ownLines({
    role,
    name,
    box,
    text,
    children,
  }: Pick<Seen, "role" | "name" | "box" | "children"> & { text: Line[] }): Line[] {
    if (text.length > 0) return text;
    if (name === "" || (role.kind !== "control" && role.kind !== "text")) return [];
    if (role.name === "textbox" || children.some(showsText)) return [];
    return [{ text: name, box }];
  }
}

function showsText({ lines, children }: Seen): boolean {
  return lines.length > 0 || children.some(showsText);
}

function writtenValue(it: {
  isText: boolean;
  isPassword: boolean;
  written: string;
  number: number | null;
}): string | null {
  if (it.isPassword) return null;
  if (it.isText) return it.written.slice(0, maxName);
  return it.number === null ? null : String(it.number);
}
