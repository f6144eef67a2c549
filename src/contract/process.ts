/** What goes to and comes from a program that runs in a workstation, item by item. */
export type ProcessInput =
  | { type: "stdin"; bytes: Uint8Array }
  | { type: "resize"; columns: number; rows: number }
  /** Name as `SIGINT`. */
  | { type: "signal"; signal: string };

/** How a program has ended. */
export interface ProcessResult {
  exitCode: number | null;
  /** Name as `SIGKILL`. */
  signal: string | null;
  timedOut: boolean;
  durationMs: number;
}

export type ProcessOutput =
  | { type: "started"; pid: number }
  | { type: "stdout"; bytes: Uint8Array }
  | { type: "stderr"; bytes: Uint8Array }
  | ({ type: "result" } & ProcessResult);
