/** A command of the shell, by its marks (OSC 133). */
export interface RunnerCommand {
  /** How many commands have been started so far, this one included. */
  ordinal: number;
  /** What was typed at the prompt; null when the screen does not tell any more. */
  line: string | null;
  running: boolean;
  /** Null while it runs, and when its end was not marked: it is a shell that has a prompt now. */
  exitStatus: number | null;
}

export interface RunnerTerminal {
  id: string;
  /** Grows with every change of the screen. */
  seq: number;
  columns: number;
  rows: number;
  /** Rows of the screen, trailing spaces removed; scrollback first when asked for. */
  lines: string[];
  /** Cell from 0, relative to the screen (not to scrollback). */
  cursor: { x: number; y: number; visible: boolean };
  title: string;
  alternate: boolean;
  /** Why `lines` may differ from what the xterm shows; null when they do not. */
  degraded: string | null;
  /** The shell is at its prompt, and no input has been sent to it since. */
  prompt: boolean;
  /** Status of the last command; null before the first. */
  exitStatus: number | null;
  /** The command that runs or ran last, as it was typed; null before the first. */
  lastCommand: RunnerCommand | null;
  /** Foreground command line, for example `vim main.go`. */
  command: string | null;
  /** Bytes that have come from the keyboard so far. */
  inputBytes: number;
  /**
   * Whether the program in front waits for input; `unknown` of one that belongs to another user, null
   * when not asked for.
   */
  input: "waits" | "works" | "unknown" | null;
  /** What the last command has printed; null when that is unknown, or not asked for. */
  output: RunnerPrinted | null;
  /** Highlighted stretches; null when not asked for. */
  marks: RunnerMark[] | null;
}

/** What a command has printed. */
export interface RunnerPrinted {
  /** One for each line that was printed, also where it took several rows. */
  lines: string[];
  /** Why some may be missing: their rows are kept no more, were cleared, or were never kept. */
  missing: "scrolled" | "cleared" | "full-screen" | null;
}

/** A stretch of a row on a background of its own. */
export interface RunnerMark {
  /** Row of the screen, from 0; scrollback is not counted. */
  row: number;
  /** Where its text begins in the row's. */
  at: number;
  text: string;
}

export type RunnerPrompt = Pick<RunnerTerminal, "id" | "prompt" | "exitStatus" | "lastCommand">;

export interface RunnerInput {
  /** Default: the focused window's terminal. */
  terminal?: string;
  /**
   * Text as keys would send it: `\r` for Return. When the terminal has not taken it within
   * `deadlineMs` the error is `timeout`, and it stays queued.
   */
  text?: string;
  /** Wait until `inputBytes` has reached this, or `deadlineMs` have passed: the reply tells. */
  awaitInputBytes?: number;
  /** Wait then until the program has read all of it and waits for more, within `deadlineMs` too. */
  awaitRestMs?: number;
  deadlineMs?: number;
}

export interface RunnerInputReply {
  terminal: string;
  inputBytes: number;
}

/** Wait until the focused terminal's program has reacted to what was typed, and is still. */
export interface RunnerSettle {
  /** Longest wait, in milliseconds. */
  withinMs: number;
  /** How long after it has read the program may take until it shows something, in milliseconds. */
  reactMs: number;
}

export interface RunnerSettled {
  /** The terminal; null when the focused window shows none of the runner's. */
  terminal: string | null;
  seq: number;
  still: boolean;
}

export interface RunnerAttachSpec {
  terminal?: string;
}
