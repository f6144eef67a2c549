/**
 * What the runner reads from its standard input at start: one line of JSON, and an empty one if
 * `networkComes`. Secrets travel this way because arguments and environment show in `docker inspect`.
 */
export interface RunnerBoot {
  /** Bearer token of the runner, at least 32 characters. */
  token: string;
  /** VncAuth password, at most 8 characters are used by the protocol. */
  vncPassword: string;
  /** Pixels of the desktop. */
  size: { width: number; height: number };
  /** Environment of the user's shell and of exec. */
  env: Record<string, string>;
  /** Name of the session: the host name in the prompt, the terminal's title. */
  name: string;
  /**
   * The workspace must be open to the user, else the workstation fails: an engine that does not see
   * the mounts of the daemon's shows an empty folder of root's in place of its view.
   */
  viewedWorkspace?: boolean;
  /**
   * The network comes while the desktop starts. Once it is there, a second line is sent, and nothing
   * of the user's runs before.
   */
  networkComes?: boolean;
  /** Open the browser when ready. */
  browser: boolean;
}

/**
 * What the runner writes to its standard output: lines of JSON, mixed with lines of the desktop's
 * programs as `{"log": program, "text": …}`.
 */
export type RunnerOutput =
  | { event: "listening" }
  | { event: "ready"; ms: number }
  | { event: "failed"; part: string; message: string }
  | { log: string; text: string };
