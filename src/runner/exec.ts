export interface RunnerExecSpec {
  /** One word is a line for `bash -lc`; several are a program and its arguments. */
  command: string[];
  cwd?: string;
  env?: Record<string, string>;
  timeoutMs?: number;
  tty?: { columns: number; rows: number; term: string } | null;
  detach?: boolean;
}

export interface RunnerExecResult {
  exitCode: number | null;
  /** Name as `SIGKILL`. */
  signal: string | null;
  timedOut: boolean;
  durationMs: number;
}
