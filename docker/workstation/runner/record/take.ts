/** When a recording ends by itself. */
export interface Limits {
  forMs: number;
  maxBytes: number;
}

/** Why a recording has ended. */
export interface Ending {
  why: "stopped" | "time" | "size" | "closed" | "failed";
  error: string | null;
}

/** A recording under way. */
export interface Take {
  /** Resolves when its file is complete; never rejects. */
  ended: Promise<Ending>;
  /** Ends it; resolves when its file is complete. */
  stop(): Promise<void>;
}
