/** What the daemon asks of its script in the page: plain data, which travels as JSON. */

/** How a text is compared, white space taken as single blanks. */
export type TextMatch =
  /** Exact: the whole text, as it is written; else a part of it, and case does not matter. */
  | { text: string; exact: boolean }
  /** A regular expression of JavaScript's. */
  | { pattern: string; flags: string };

/** One step of a target, within what the step before has found. */
export type Step =
  | { kind: "css"; css: string }
  | { kind: "xpath"; xpath: string }
  | { kind: "text"; match: TextMatch }
  | { kind: "role"; role: string; name: TextMatch | null; states: RoleStates; hidden: boolean }
  | { kind: "nth"; nth: number }
  | { kind: "visible"; visible: boolean };

/** States of a role that a target may ask for (WAI-ARIA 1.2 §6.6). */
export interface RoleStates {
  checked?: boolean | "mixed";
  pressed?: boolean | "mixed";
  disabled?: boolean;
  expanded?: boolean;
  selected?: boolean;
  level?: number;
}

export interface OutlineOptions {
  /** Also what is not rendered. */
  all: boolean;
  /** Only what the window shows. */
  viewport: boolean;
  /** Where each line's element is. */
  boxes: boolean;
  /** Only this element and what is in it. */
  root: number | null;
  /** Most lines. */
  maxNodes: number;
}

/** What an action needs of its target, besides being visible. */
export interface Need {
  enabled: boolean;
  /** Text can be written in it. */
  editable: boolean;
  /** It stands still, and nothing covers it. */
  hit: boolean;
  /** A point in it, from its upper left corner; null: its middle. */
  at: { x: number; y: number } | null;
  /** How often this has been tried: what covers it may be left by scrolling elsewhere. */
  attempt: number;
  /** Also where its tab is behind others, in which nothing is painted and no input taken. */
  behind: boolean;
}

/** What is needed of a target each time that it is tried. */
export type Wish = Omit<Need, "attempt" | "behind">;

/** The calls that the script answers, and what they take; elements go by their numbers. */
export interface PageCalls {
  find: [steps: readonly Step[], root: number | null, most: number, need: Need | null];
  describe: [n: number];
  state: [n: number];
  numberOf: [];
  outline: [options: OutlineOptions];
  text: [root: number | null, most: number];
  html: [root: number | null, most: number];
  ready: [n: number, need: Need];
  coveredBy: [n: number, x: number, y: number];
  frameAt: [n: number, x: number, y: number];
  frameBox: [n: number];
  intoView: [n: number];
  reveal: [n: number];
  putBack: [];
  focus: [n: number];
  beginFill: [n: number, value: string];
  select: [n: number, options: readonly string[]];
  checked: [n: number];
  fileInput: [n: number];
  scrolled: [n: number | null];
  scrolledToRest: [n: number | null];
  middle: [];
  watchDrag: [];
  dragBegan: [];
  isHidden: [];
  window: [];
}

/** Characters of a value that is told; one that is longer is told with one more. */
export const mostValue = 10_000;

/** Begins the message of an error that the caller's target is the cause of. */
export const badTarget = "nexora: bad target: ";
/** Begins the message of an error that says that an element is no longer there. */
export const goneMark = "nexora: gone";
