import type { XConnection } from "./connection.ts";
import { getNumbers, getProperty, getRectangle, type Rectangle } from "./requests.ts";

/** Names of the properties that tell about windows and their manager (EWMH, ICCCM). */
export const windowAtoms = [
  "_NET_ACTIVE_WINDOW",
  "_NET_CLIENT_LIST_STACKING",
  "_NET_CLOSE_WINDOW",
  "_NET_FRAME_EXTENTS",
  "_NET_MOVERESIZE_WINDOW",
  "_NET_WM_DESKTOP",
  "_NET_WM_NAME",
  "_NET_WM_PID",
  "_NET_WM_STATE",
  "_NET_WM_STATE_ABOVE",
  "_NET_WM_STATE_FULLSCREEN",
  "_NET_WM_STATE_HIDDEN",
  "_NET_WM_STATE_MAXIMIZED_HORZ",
  "_NET_WM_STATE_MAXIMIZED_VERT",
  "WM_CHANGE_STATE",
  "WM_CLASS",
  "WM_NAME",
  "WM_NORMAL_HINTS",
  "WM_STATE",
  "WM_TRANSIENT_FOR",
] as const;
export type WindowAtoms = Record<(typeof windowAtoms)[number], number>;

/** How a window is shown. */
type WindowState = "normal" | "maximized" | "minimized" | "fullscreen";

export interface WindowFacts extends Rectangle {
  id: number;
  title: string;
  class: string;
  /** As the program says it, in its own PID namespace; null: it does not. */
  pid: number | null;
  state: WindowState;
  /** Number of the desktop, from 0; null: on all. */
  desktop: number | null;
  /** The window whose dialog it is. */
  dialogOf: number | null;
  /** With the window manager's decoration. */
  frame: Rectangle;
  /** Of a window that grows by whole cells, as terminals do: their size and where the first begins. */
  cells: Rectangle | null;
}

/** Longest title that is passed on, in characters. */
const maxTitle = 1000;
/** Widest border, and largest cell, that is believed, in pixels. */
const widest = 1000;
/** What `_NET_WM_DESKTOP` says of a window that is on all desktops. */
const everywhere = 0xffff_ffff;
/** ICCCM 4.1.3.1: the window is shown as an icon. */
const iconicState = 3;

/** What a managed window's properties and geometry tell; null when it is gone. */
export async function factsOf(
  x: XConnection,
  atoms: WindowAtoms,
  id: number,
): Promise<WindowFacts | null> {
  const numbers = (atom: number) => getNumbers(x, id, atom);
  const [place, netName, name, wmClass, pid, states, desktop, owner, extents, wmState, hints] =
    await Promise.all([
      getRectangle(x, id),
      getProperty(x, id, atoms._NET_WM_NAME),
      getProperty(x, id, atoms.WM_NAME),
      getProperty(x, id, atoms.WM_CLASS),
      numbers(atoms._NET_WM_PID),
      numbers(atoms._NET_WM_STATE),
      numbers(atoms._NET_WM_DESKTOP),
      numbers(atoms.WM_TRANSIENT_FOR),
      numbers(atoms._NET_FRAME_EXTENTS),
      numbers(atoms.WM_STATE),
      numbers(atoms.WM_NORMAL_HINTS),
    ]);
  if (!place) return null;
  // Any program may write its properties.
  const [left = 0, right = 0, top = 0, bottom = 0] = extents.map((it) => Math.min(it, widest));
  return {
    id,
    title: (netName?.toString("utf8") ?? name?.toString("latin1") ?? "").slice(0, maxTitle),
    class: wmClass?.toString("latin1").split("\0")[1]?.slice(0, maxTitle) ?? "",
    ...place,
    pid: pid[0] ?? null,
    state: stateOf(atoms, states, wmState[0] === iconicState),
    desktop: desktop[0] === undefined || desktop[0] === everywhere ? null : desktop[0],
    dialogOf: owner[0] || null,
    frame: {
      x: place.x - left,
      y: place.y - top,
      width: place.width + left + right,
      height: place.height + top + bottom,
    },
    cells: cellsOf(hints),
  };
}

/** ICCCM 4.1.2.3, WM_SIZE_HINTS: the base size is what surrounds the cells, half of it on each side. */
function cellsOf(hints: readonly number[]): Rectangle | null {
  const [hasIncrement, hasBase] = [1 << 6, 1 << 8];
  const flags = hints[0] ?? 0;
  if ((flags & hasIncrement) === 0 || (flags & hasBase) === 0) return null;
  const [width = 0, height = 0] = hints.slice(9, 11);
  const [baseWidth = 0, baseHeight = 0] = hints.slice(15, 17);
  const isSmall = [width, height, baseWidth, baseHeight].every((it) => it <= widest);
  return width > 1 && height > 1 && isSmall
    ? { x: baseWidth >> 1, y: baseHeight >> 1, width, height }
    : null;
}

function stateOf(atoms: WindowAtoms, states: readonly number[], iconic: boolean): WindowState {
  if (iconic || states.includes(atoms._NET_WM_STATE_HIDDEN)) return "minimized";
  if (states.includes(atoms._NET_WM_STATE_FULLSCREEN)) return "fullscreen";
  const maximized =
    states.includes(atoms._NET_WM_STATE_MAXIMIZED_HORZ) &&
    states.includes(atoms._NET_WM_STATE_MAXIMIZED_VERT);
  return maximized ? "maximized" : "normal";
}
