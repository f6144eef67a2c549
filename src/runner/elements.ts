import type { RunnerManagedWindow, RunnerRectangle } from "./windows.ts";

/** A window whose elements are asked for. */
export type RunnerAccessibleWindow = Pick<RunnerManagedWindow, "id" | "title" | "pid"> &
  RunnerRectangle & {
    /** By the window manager: menus and tooltips are not. */
    managed: boolean;
  };

/** A part of a toolkit's window that shows: a button, a label, a text. */
export interface RunnerElement {
  /** Identity of it as long as it is there, and is what it is. */
  key: string;
  /** As WAI-ARIA names it. */
  role: string;
  name: string;
  /** Of what can be typed into, or set; else null. */
  value: string | null;
  /** Words such as `checked`, `disabled`. */
  states: string[];
  /** What is seen of it, on the desktop; null: its toolkit does not tell. */
  box: RunnerRectangle | null;
  /** In how many listed elements it is. */
  depth: number;
  /** One can act on it, or on what is in it: not only text. */
  listed: boolean;
  /** The text that it shows itself, with its place. */
  lines: { text: string; box: RunnerRectangle | null }[];
}

export interface RunnerElements {
  /** In reading order, for each window of which something is known. */
  windows: { id: string; degraded: string | null; elements: RunnerElement[] }[];
}

/**
 * `see`: whether it is there; `read`: with its value; `locate`: scrolled into view; `focus`: give it the keyboard's
 * focus; `press`: do what a click would.
 */
export type RunnerElementAct = "see" | "read" | "locate" | "focus" | "press";

export interface RunnerElementActed {
  /** As it is now; null: it is not there any more. */
  element: RunnerElement | null;
  /** Id of its window, if it is one of those that were sent. */
  window: string | null;
  done: boolean;
}
