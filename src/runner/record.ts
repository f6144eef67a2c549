/** Record the desktop, or the focused terminal. */
export interface RunnerRecord {
  kind: "desktop" | "terminal";
  /** It ends after so many milliseconds, or bytes. */
  forMs: number;
  maxBytes: number;
  /** Pictures a second, of the desktop. */
  fps: number;
}

export interface RunnerRecording {
  id: string;
  kind: "desktop" | "terminal";
  path: string;
  bytes: number;
  /** ISO 8601. */
  startedAt: string;
  /** Null while it goes on. */
  endedAt: string | null;
  ended: "stopped" | "time" | "size" | "closed" | "failed" | null;
  error: string | null;
}
