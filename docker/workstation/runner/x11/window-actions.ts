import type { RunnerWindowAction } from "../../../../src/runner/protocol.ts";
import type { XConnection } from "./connection.ts";
import { getNumbers } from "./requests.ts";
import type { WindowAtoms, WindowFacts } from "./window-facts.ts";

/** We ask as a pager does: on behalf of the user (EWMH "Source indication in requests"). */
const pager = 2;
/** ICCCM 4.1.4: the state that WM_CHANGE_STATE asks for. */
const iconicState = 3;
/** X11 ConfigureWindow's stack modes. */
const [above, below] = [0, 1];
/** X11's window gravity: x and y are those of the frame's upper left corner. */
const northWest = 1;
const [hasPlace, hasSize] = [0b0011, 0b1100];

/** What to ask the window manager, message by message: a type and its data (EWMH, ICCCM). */
export function messagesFor(atoms: WindowAtoms, action: RunnerWindowAction): number[][] {
  const { _NET_WM_STATE_MAXIMIZED_VERT: vert, _NET_WM_STATE_MAXIMIZED_HORZ: horz } = atoms;
  const maximized = (add: 0 | 1) => [atoms._NET_WM_STATE, add, vert, horz, pager];
  const activate = [atoms._NET_ACTIVE_WINDOW, pager, 0, 0];
  // A maximised window would keep its place.
  const place = (flags: number, ...geometry: number[]) => [
    maximized(0),
    [atoms._NET_MOVERESIZE_WINDOW, northWest | (flags << 8) | (pager << 12), ...geometry],
  ];
  switch (action.action) {
    case "focus":
      return [activate];
    case "raise":
      return [[atoms._NET_RESTACK_WINDOW, pager, 0, above]];
    case "lower":
      return [[atoms._NET_RESTACK_WINDOW, pager, 0, below]];
    case "move":
      return place(hasPlace, action.x, action.y, 0, 0);
    case "resize":
      return place(hasSize, 0, 0, action.width, action.height);
    case "maximize":
      return [maximized(1)];
    case "minimize":
      return [[atoms.WM_CHANGE_STATE, iconicState]];
    case "restore":
      return [activate, maximized(0)];
    case "close":
      return [[atoms._NET_CLOSE_WINDOW, 0, pager]];
  }
}

/** Whether a window is as it was asked to be. */
export async function isDone(
  x: XConnection,
  atoms: WindowAtoms,
  action: RunnerWindowAction,
  { before, window }: { before: WindowFacts; window: WindowFacts | null },
): Promise<boolean> {
  if (!window) return action.action === "close";
  const ofRoot = (atom: number) => getNumbers(x, x.root, atom);
  switch (action.action) {
    case "focus":
      return (await ofRoot(atoms._NET_ACTIVE_WINDOW))[0] === window.id;
    case "raise":
      return (await ofRoot(atoms._NET_CLIENT_LIST_STACKING)).at(-1) === window.id;
    case "lower":
      return (await ofRoot(atoms._NET_CLIENT_LIST_STACKING))[0] === window.id;
    case "move":
      return window.frame.x === action.x && window.frame.y === action.y;
    case "resize": {
      const { width, height } = window;
      // Terminals grow by whole cells: a change is as far as the program goes.
      const changed = width !== before.width || height !== before.height;
      return changed || (width === action.width && height === action.height);
    }
    case "maximize":
      return window.state === "maximized";
    case "minimize":
      return window.state === "minimized";
    case "restore":
      return window.state === "normal";
    case "close":
      return false;
  }
}
