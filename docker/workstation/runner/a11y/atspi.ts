import { NexoraError } from "../../../../src/contract/errors.ts";
import { type BusConnection, theBus } from "../dbus/connection.ts";
import type { Call } from "../dbus/message.ts";
import type { Value } from "../dbus/reader.ts";
import type { Rectangle } from "../x11/requests.ts";

/** An object of a program's: the name of its connection, and a path. */
export interface Accessible {
  bus: string;
  path: string;
}

/** The object that has all programs as children. */
const registry: Accessible = {
  bus: "org.a11y.atspi.Registry",
  path: "/org/a11y/atspi/accessible/root",
};
const prefix = "org.a11y.atspi.";
/** AtspiCoordType: of the screen. */
const ofScreen = 0;
/** AtspiTextGranularity: a line as it is shown. */
const byLine = 3;
/** AtspiScrollType: however little is enough. */
const anywhere = 6;
/** Farther away nothing is: an object that has no place says -2147483648. */
const farthest = 32_767;

type Argument = string | number;

/** Asks programs about what they show (AT-SPI 2, at-spi2-core/xml). Each question has a deadline. */
export class Atspi {
  constructor(
    private readonly bus: BusConnection,
    /** How long a program may take for one answer, in milliseconds. */
    private readonly answerMs: number,
    /** When all answers must have come, as `performance.now()` counts. */
    private readonly until = Number.POSITIVE_INFINITY,
  ) {}

  /** The programs, each by its root. */
  programs(): Promise<Accessible[]> {
    return this.children(registry);
  }

  /** Id of the process behind a connection. */
  async pid(bus: string): Promise<number | null> {
    const asked = { member: "GetConnectionUnixProcessID", signature: "s", arguments: [bus] };
    const [pid] = await this.call({ ...theBus, ...asked });
    return typeof pid === "number" ? pid : null;
  }

  /** Whether a program's toolkit tells where things are: GTK 4 says 0,0 of everything. */
  async hasPlaces(root: Accessible): Promise<boolean> {
    const [name, version] = await Promise.all([
      this.property(root, "Application", "ToolkitName"),
      this.property(root, "Application", "Version"),
    ]);
    return !(/^gtk/i.test(textOf(name)) && Number.parseInt(textOf(version), 10) >= 4);
  }

  async children(it: Accessible): Promise<Accessible[]> {
    const [children] = await this.ask(it, "Accessible", "GetChildren");
    return list(children).flatMap((child) => accessible(child) ?? []);
  }

  async role(it: Accessible): Promise<number> {
    const [role] = await this.ask(it, "Accessible", "GetRole");
    return numberOf(role);
  }

  /** Whether a state holds, by the number of its bit. */
  async states(it: Accessible): Promise<(bit: number) => boolean> {
    const [words] = await this.ask(it, "Accessible", "GetState");
    const [low, high] = list(words).map(numberOf);
    return (bit) => ((((bit < 32 ? low : high) ?? 0) >>> (bit & 31)) & 1) === 1;
  }

  async name(it: Accessible): Promise<string> {
    return textOf(await this.property(it, "Accessible", "Name")).trim();
  }

  /** What can be asked of it: `Text`, `Action`, … */
  async interfaces(it: Accessible): Promise<ReadonlySet<string>> {
    const [names] = await this.ask(it, "Accessible", "GetInterfaces");
    return new Set(list(names).map((name) => textOf(name).slice(prefix.length)));
  }

  /** Where it is on the desktop; null: nowhere. */
  async box(it: Accessible): Promise<Rectangle | null> {
    const [box] = await this.ask(it, "Component", "GetExtents", "u", [ofScreen]);
    return rectangle(box);
  }

  async length(it: Accessible): Promise<number> {
    return numberOf(await this.property(it, "Text", "CharacterCount"));
  }

  async text(it: Accessible, start: number, end: number): Promise<string> {
    const [text] = await this.ask(it, "Text", "GetText", "ii", [start, end]);
    return textOf(text);
  }

  /** The line, as it is shown, that has the character at `offset`. */
  async line(
    it: Accessible,
    offset: number,
  ): Promise<{ text: string; start: number; end: number }> {
    const [text, start, end] = await this.ask(it, "Text", "GetStringAtOffset", "iu", [
      offset,
      byLine,
    ]);
    return { text: textOf(text), start: numberOf(start), end: numberOf(end) };
  }

  /** The character at a point of the desktop; negative: none. */
  async offsetAt(it: Accessible, x: number, y: number): Promise<number> {
    const [offset] = await this.ask(it, "Text", "GetOffsetAtPoint", "iiu", [x, y, ofScreen]);
    return numberOf(offset);
  }

  /** Where characters are on the desktop. */
  async boxOf(it: Accessible, start: number, end: number): Promise<Rectangle | null> {
    return rectangle(await this.ask(it, "Text", "GetRangeExtents", "iiu", [start, end, ofScreen]));
  }

  async value(it: Accessible): Promise<number | null> {
    const value = await this.property(it, "Value", "CurrentValue");
    return typeof value === "number" ? value : null;
  }

  /** Which child shows at a point of the desktop, and its number among the children. */
  async childAt(it: Accessible, x: number, y: number): Promise<number> {
    const [found] = await this.ask(it, "Component", "GetAccessibleAtPoint", "iiu", [
      x,
      y,
      ofScreen,
    ]);
    const child = accessible(found ?? "");
    if (!child) return -1;
    const [index] = await this.ask(child, "Accessible", "GetIndexInParent");
    return numberOf(index);
  }

  async childCount(it: Accessible): Promise<number> {
    return numberOf(await this.property(it, "Accessible", "ChildCount"));
  }

  async child(it: Accessible, index: number): Promise<Accessible | null> {
    const [child] = await this.ask(it, "Accessible", "GetChildAtIndex", "i", [index]);
    return accessible(child ?? "");
  }

  async parent(it: Accessible): Promise<Accessible | null> {
    return accessible(await this.property(it, "Accessible", "Parent"));
  }

  async actions(it: Accessible): Promise<string[]> {
    const [actions] = await this.ask(it, "Action", "GetActions");
    return list(actions).map((action) => textOf(list(action)[0] ?? ""));
  }

  async act(it: Accessible, action: number): Promise<boolean> {
    const [done] = await this.ask(it, "Action", "DoAction", "i", [action]);
    return done === true;
  }

  async grabFocus(it: Accessible): Promise<boolean> {
    const [done] = await this.ask(it, "Component", "GrabFocus");
    return done === true;
  }

  /** Puts the caret there, and selects nothing. */
  async setCaret(it: Accessible, offset: number): Promise<void> {
    await this.ask(it, "Text", "SetCaretOffset", "i", [offset]);
  }

  async scrollTo(it: Accessible): Promise<void> {
    await this.ask(it, "Component", "ScrollTo", "u", [anywhere]);
  }

  private ask(
    { bus, path }: Accessible,
    of: string,
    member: string,
    signature = "",
    given: readonly Argument[] = [],
  ): Promise<Value[]> {
    const what = { destination: bus, path, interface: prefix + of, member, signature };
    return this.call({ ...what, arguments: given });
  }

  private async property({ bus, path }: Accessible, of: string, name: string): Promise<Value> {
    const [value] = await this.call({
      destination: bus,
      path,
      interface: "org.freedesktop.DBus.Properties",
      member: "Get",
      signature: "ss",
      arguments: [prefix + of, name],
    });
    return value ?? "";
  }

  /** Throws `timeout` when the time for one answer is over, or that for all. */
  private call(call: Call): Promise<Value[]> {
    const left = this.until - performance.now();
    if (left > 0) return this.bus.call(call, Math.min(left, this.answerMs));
    return Promise.reject(new NexoraError("timeout", "the time for all answers is over"));
  }
}

function list(value: Value | undefined): readonly Value[] {
  return typeof value === "object" ? value : [];
}

function textOf(value: Value | undefined): string {
  return typeof value === "string" ? value : "";
}

function numberOf(value: Value | undefined): number {
  return typeof value === "number" ? value : 0;
}

/** A reference; null for the one that stands for none. */
function accessible(value: Value): Accessible | null {
  const [bus, path] = list(value).map(textOf);
  if (!bus || !path || path === "/org/a11y/atspi/null") return null;
  return { bus, path };
}

function rectangle(value: Value | undefined): Rectangle | null {
  const [x = 0, y = 0, width = 0, height = 0] = list(value).map(numberOf);
  const isPlace = [x, y, width, height].every((it) => Math.abs(it) <= farthest);
  return isPlace && width > 0 && height > 0 ? { x, y, width, height } : null;
}
