import type { RunnerPrompt, RunnerTerminal } from "./terminal.ts";
import type { RunnerShownWindow, RunnerWindow } from "./windows.ts";

/** What of a terminal is wanted. */
export interface RunnerLook {
  /** Lines of scrollback. */
  lines?: number;
  /** Whether the program in front waits for input: takes up to 50 ms. */
  input?: boolean;
  /** What the last command has printed. */
  output?: boolean;
  /** What is highlighted. */
  marks?: boolean;
  /** All windows that show, and the terminals in them. */
  all?: boolean;
}

export interface RunnerScreen {
  focused: RunnerWindow | null;
  /** The focused window's terminal; else the first one. */
  terminal: RunnerTerminal | null;
  /** All terminals, the first one first. */
  prompts: RunnerPrompt[];
  /** What shows on the desktop, the topmost first; null when not asked for, or not known. */
  windows: RunnerShownWindow[] | null;
  /** The other terminals in these windows. */
  others: RunnerTerminal[];
}

/** Where keys go now: what of a RunnerScreen costs nothing to tell. */
export interface RunnerFocus {
  window: RunnerWindow | null;
  /** The focused window's terminal; null when it shows none of the runner's. */
  terminal: Pick<RunnerTerminal, "id" | "inputBytes"> | null;
}
