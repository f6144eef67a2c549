import { deadline } from "../../../../src/abort.ts";
import type {
  RunnerAccessibleWindow,
  RunnerElement,
  RunnerElementAct,
  RunnerElementActed,
  RunnerElements,
} from "../../../../src/runner/elements.ts";
import { type Accessible, Atspi } from "./atspi.ts";
import type { AccessibilityBus } from "./bus.ts";
import { Element } from "./element.ts";
import { keyOf, opensPopup } from "./identity.ts";
import { popupOf, windowOf } from "./owners.ts";
import { type Seen, Walk } from "./walk.ts";

/** How long a program may take for one answer, and to tell of all its windows, in milliseconds. */
const [answerMs, walkMs] = [600, 2_000];

/** What the windows of toolkits (GTK, Qt) show, as their programs tell it (AT-SPI). */
export class Accessibility {
  constructor(private readonly bus: AccessibilityBus) {}

  /** The elements of each of these windows; one of a program that tells nothing is left out. */
  async read(
    windows: readonly RunnerAccessibleWindow[],
    signal: AbortSignal,
  ): Promise<RunnerElements> {
    const connection = await this.bus.connection();
    if (!connection) return { windows: [] };
    const end = deadline(walkMs, signal);
    const atspi = new Atspi(connection, answerMs, performance.now() + walkMs);
    const programs = await atspi.programs();
    const found = await Promise.all(
      programs.map(async (program) => {
        const pid = await atspi.pid(program.bus).catch(() => null);
        const own = windows.filter((window) => window.pid !== null && window.pid === pid);
        return own.length > 0 ? readProgram(atspi, program, own, windows, end) : [];
      }),
    );
    return { windows: found.flat() };
  }

  /** Does something with one element, or only says where it is. Throws `action_failed`, `timeout`. */
  async act(
    key: string,
    act: RunnerElementAct,
    windows: readonly RunnerAccessibleWindow[],
  ): Promise<RunnerElementActed> {
    const connection = await this.bus.connection();
    if (!connection) return { element: null, window: null, done: false };
    return Element.of(new Atspi(connection, answerMs), key).act(act, windows);
  }
}

type Told = RunnerElements["windows"];

async function readProgram(
  atspi: Atspi,
  program: Accessible,
  own: readonly RunnerAccessibleWindow[],
  all: readonly RunnerAccessibleWindow[],
  end: AbortSignal,
): Promise<Told> {
  const told = new Map<string, RunnerElements["windows"][number]>();
  const toldOf = (id: string) => {
    const entry = told.get(id) ?? { id, degraded: null, elements: [] };
    told.set(id, entry);
    return entry;
  };
  let hasPlaces = true;
  let tops: Accessible[] = [];
  try {
    [hasPlaces, tops] = await Promise.all([atspi.hasPlaces(program), atspi.children(program)]);
  } catch {
    for (const { id } of own) toldOf(id).degraded = "its program does not answer";
    return [...told.values()];
  }
  const seen = await Promise.all(
    tops.map(async (at) => {
      const walk = new Walk(atspi, hasPlaces, end);
      return { top: await walk.see(at), degraded: walk.degraded };
    }),
  );
  const managed = own.filter((window) => window.managed);
  // A menu's window does not always say whose it is.
  const others = all.filter(
    (window) => !window.managed && (window.pid === null || own.includes(window)),
  );
  const shown = seen.filter((each) => each.top !== null);
  for (const { top, degraded } of seen) {
    if (!top) {
      if (degraded) for (const { id } of own) toldOf(id).degraded = degraded;
      continue;
    }
    const isPopup = opensPopup(top.role);
    const window =
      (isPopup ? popupOf(top, others) : null) ?? windowOf(top, managed, shown.length === 1);
    if (!window) continue;
    const entry = toldOf(window.id);
    entry.degraded ??= degraded;
    flatten(top, {
      window: window.id,
      depth: 0,
      others,
      add: (id, element) => toldOf(id).elements.push(element),
    });
  }
  return [...told.values()];
}

interface Flattening {
  window: string;
  /** How many elements that are told of it is in. */
  depth: number;
  others: readonly RunnerAccessibleWindow[];
  add(window: string, element: RunnerElement): void;
}

/** The elements that say something, each before those in it. */
function flatten(seen: Seen, how: Flattening): void {
  const { role, name, value, states, box, lines, children } = seen;
  const isListed = role.kind === "control" || (role.kind === "group" && children.some(hasControl));
  if (isListed || lines.length > 0) {
    const { depth } = how;
    how.add(how.window, {
      key: keyOf(seen),
      role: role.name,
      name,
      value,
      states,
      box,
      depth,
      listed: isListed,
      lines,
    });
  }
  const depth = how.depth + (isListed ? 1 : 0);
  for (const child of children) {
    const popup = opensPopup(role) ? popupOf(child, how.others) : null;
    flatten(child, { ...how, depth, window: popup?.id ?? how.window });
  }
}

function hasControl({ role, children }: Seen): boolean {
  return role.kind === "control" || children.some(hasControl);
}
