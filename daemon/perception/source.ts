import type { Region } from "../display/types.ts";

/** A window that shows on the desktop. */
export interface SeenWindow {
  /** X window id, 0x…. */
  id: string;
  title: string;
  class: string;
  /** As its program says it; null: it does not. */
  pid: number | null;
  /** Its inside, on the desktop; it may reach over the edges. */
  region: Region;
  /** Parts of its inside that nothing covers. */
  visible: Region[];
  /** Ids of the windows that cover some of it. */
  coveredBy: string[];
  /** Id of the terminal that it shows. */
  terminal: string | null;
  /** Of a terminal: the size of its cells, and where in its inside the first begins. */
  cells: Region | null;
  /** By the window manager: menus, tooltips and panels are not. */
  managed: boolean;
}

/** What a source can tell of one window. */
export interface SourceText {
  /** In reading order, each with its place on the desktop, where that is known; what was recognised says how sure that is, from 0 to 1. */
  lines: { text: string; box: Region | null; confidence?: number }[];
  /** Why some of it may be missing. */
  degraded: string | null;
  /** The parts of the desktop that this text accounts for; null: all of the window. */
  covers: Region[] | null;
}

/** Knows the text of some kinds of windows. */
export interface TextSource {
  readonly source: "page" | "accessibility";
  /**
   * The text of windows, by window id: only what is showing, whether or not another window covers it. A
   * window of which it knows nothing is left out. Rejects when it cannot tell at all.
   */
  read(
    session: { id: string },
    windows: readonly SeenWindow[],
    signal: AbortSignal,
  ): Promise<Map<string, SourceText>>;
}
