import type { RunnerWindowAction } from "../../../../src/runner/windows.ts";
import type { XConnection } from "./connection.ts";
import { stackOf } from "./frames.ts";
import { clientMessage, lowerWindow } from "./messages.ts";
import { getNumbers, getOutline } from "./requests.ts";
import type { WindowAtoms, WindowFacts } from "./window-facts.ts";

/** We ask as a pager does: on behalf of the user (EWMH "Source indication in requests"). */
const pager = 2;
/** ICCCM 4.1.4: the state that WM_CHANGE_STATE asks for. */
const iconicState = 3;
/** X11's window gravity: x and y are those of the frame's upper left corner. */
const northWest = 1;
const [hasPlace, hasSize] = [0b0011, 0b1100];

/** The requests that bring an action about (EWMH, ICCCM). */
export function requestsFor(
  root: number,
  atoms: WindowAtoms,
  id: number,
  action: RunnerWindowAction,
): Buffer[] {
  const ask = (type: number, ...data: number[]) => clientMessage(root, id, type, data);
  const state = (change: 0 | 1, first: number, second = 0) =>
    ask(atoms._NET_WM_STATE, change, first, second, pager);
  const { _NET_WM_STATE_MAXIMIZED_VERT: vert, _NET_WM_STATE_MAXIMIZED_HORZ: horz } = atoms;
  const activate = ask(atoms._NET_ACTIVE_WINDOW, pager, 0, 0);
  // A maximised window would keep its place.
  const place = (flags: number, ...geometry: number[]) => [
    state(0, vert, horz),
    ask(atoms._NET_MOVERESIZE_WINDOW, northWest | (flags << 8) | (pager << 12), ...geometry),
  ];
  switch (action.action) {
    case "focus":
      return [activate];
    case "raise":
      // fluxbox restacks what has no focus in no other way: back in its layer, it is the topmost.
      return [state(1, atoms._NET_WM_STATE_ABOVE), state(0, atoms._NET_WM_STATE_ABOVE)];
    case "lower":
      return [lowerWindow(id)];
    case "move":
      return place(hasPlace, action.x, action.y, 0, 0);
    case "resize":
      return place(hasSize, 0, 0, action.width, action.height);
    case "maximize":
      return [state(1, vert, horz)];
    case "minimize":
      return [ask(atoms.WM_CHANGE_STATE, iconicState)];
    case "restore":
      return [activate, state(0, vert, horz)];
    case "close":
      return [ask(atoms._NET_CLOSE_WINDOW, 0, pager)];
  }
}

/** Whether a window is as it was asked to be. */
export async function isDone(
  x: XConnection,
  atoms: WindowAtoms,
  action: RunnerWindowAction,
  window: WindowFacts | null,
): Promise<boolean> {
  if (!window) return action.action === "close";
  const isActive = async () =>
    (await getNumbers(x, x.root, atoms._NET_ACTIVE_WINDOW))[0] === window.id;
  switch (action.action) {
    case "focus":
      return isActive();
    case "raise":
      return (await stackOf(x, atoms)).framed[0]?.client === window.id;
    case "lower":
      return (await stackOf(x, atoms)).framed.at(-1)?.client === window.id;
    case "move":
      return window.frame.x === action.x && window.frame.y === action.y;
    case "resize": {
      // Terminals grow by whole cells.
      const { width, height, cells } = window;
      const off = [Math.abs(width - action.width), Math.abs(height - action.height)];
      return (off[0] ?? 0) < (cells?.width ?? 1) && (off[1] ?? 0) < (cells?.height ?? 1);
    }
    case "maximize":
      return window.state === "maximized";
    case "minimize":
      // Its state changes a moment before it is taken off the screen.
      return window.state === "minimized" && !(await isShown(x, atoms, window.id));
    case "restore": {
      // Height and width are restored one after the other.
      const states = await getNumbers(x, window.id, atoms._NET_WM_STATE);
      const { _NET_WM_STATE_MAXIMIZED_VERT: vert, _NET_WM_STATE_MAXIMIZED_HORZ: horz } = atoms;
      if (states.includes(vert) || states.includes(horz)) return false;
      return window.state === "normal" && (await isActive());
    }
    case "close":
      return false;
  }
}

async function isShown(x: XConnection, atoms: WindowAtoms, id: number): Promise<boolean> {
  const { framed } = await stackOf(x, atoms);
  const frame = framed.find(({ client }) => client === id)?.frame ?? id;
  return (await getOutline(x, frame)) !== null;
}
