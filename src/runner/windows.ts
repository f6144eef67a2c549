export interface RunnerWindow {
  /** X window id as `0x…`. */
  id: string;
  title: string;
  class: string;
  x: number;
  y: number;
  width: number;
  height: number;
  /** Id of the terminal that it shows, if it is one of the runner's. */
  terminal: string | null;
}

export interface RunnerRectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A window that shows on the desktop: mapped, and not one that only takes input. */
export interface RunnerShownWindow extends RunnerWindow {
  /** As the program says it; null: it does not. */
  pid: number | null;
  /** By the window manager: menus, tooltips and panels are not. */
  managed: boolean;
  /** What it takes of the desktop, with its decoration. */
  frame: RunnerRectangle;
  /** Of a terminal: the size of its cells, and where in its inside the first begins; else null. */
  cells: RunnerRectangle | null;
}

/** A window that the window manager manages. */
export interface RunnerManagedWindow extends RunnerWindow {
  focused: boolean;
  /** As the program says it; null: it does not. */
  pid: number | null;
  state: "normal" | "maximized" | "minimized" | "fullscreen";
  /** Number of its desktop, from 0; null: it is on all. */
  desktop: number | null;
  /** Id of the window whose dialog it is. */
  dialogOf: string | null;
  /** With its decoration. */
  frame: RunnerRectangle;
  /** Of a terminal: the size of its cells, and where in its inside the first begins; else null. */
  cells: RunnerRectangle | null;
}

export interface RunnerWindows {
  /** The topmost first. */
  windows: RunnerManagedWindow[];
  /** Where the pointer is, and over which of them; null: over none of them. */
  pointer: { x: number; y: number; window: string | null };
}

/** What is done with a window. `move` places its decoration, `resize` its inside, in pixels. */
export type RunnerWindowAction =
  | { action: "focus" | "raise" | "lower" | "maximize" | "minimize" | "restore" | "close" }
  | { action: "move"; x: number; y: number }
  | { action: "resize"; width: number; height: number };

export interface RunnerWindowActed {
  /** As it is then; null: it is gone. */
  window: RunnerManagedWindow | null;
  /** Whether it is as was asked, within a moment. */
  done: boolean;
}

/** Open something, and wait for its window. */
export interface RunnerOpen {
  /** One word: a URL, a path or a line for the shell; several: a program and its arguments. */
  target: string[];
  /** Longest wait for the window, in milliseconds. */
  withinMs: number;
}

export interface RunnerOpened {
  /** What the target was taken for. */
  kind: "url" | "path" | "command";
  /** What was started, and the id of its process. */
  command: string[];
  pid: number;
  window: RunnerManagedWindow;
}
