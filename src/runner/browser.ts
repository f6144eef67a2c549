/** The session's browser. */
export interface RunnerBrowser {
  /** Whether the image has one. */
  installed: boolean;
  /** Its version, as `Chrome/156.0.1`, and the path of its DevTools; null: it does not run. */
  running: { version: string; path: string } | null;
  /** Its first process; null when that is not known. */
  pid: number | null;
  /** This request has started it. */
  started: boolean;
}

export interface RunnerBrowserStart {
  /** Page to open; default: an empty one. */
  url?: string | undefined;
  /** The process that has died: open what it had open, unless it was quit. 0: which is not known. */
  restore?: number | undefined;
}
