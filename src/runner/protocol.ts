/**
 * What the daemon and the runner in the workstation say to each other. The runner listens on
 * `runnerPort` inside; every request carries `Authorization: Bearer <token>`.
 *
 * - `GET  /runner/health`           → RunnerHealth
 * - `GET  /runner/events`           → NDJSON of RunnerEvent, a `heartbeat` at least every 5 s; with
 *                                     `?input=true` also `input`, likewise `windows`, `ports`
 * - `GET  /runner/screen`           ?RunnerLook → RunnerScreen
 * - `GET  /runner/focus`            → RunnerFocus
 * - `GET  /runner/windows`          → RunnerWindows
 * - `GET  /runner/ports`            → RunnerPorts
 * - `POST /runner/window`           {window, …RunnerWindowAction} → RunnerWindowActed
 * - `POST /runner/open`             RunnerOpen → RunnerOpened
 * - `POST /runner/elements`         {windows} → RunnerElements: what toolkits' windows show
 * - `POST /runner/element`          {key, act, windows} → RunnerElementActed
 * - `POST /runner/recordings`       RunnerRecord → RunnerRecording
 * - `GET  /runner/recordings`       → {recordings: RunnerRecording[]}
 * - `POST /runner/recording?id=R&do=show|wait|stop|rm` → RunnerRecording
 * - `POST /runner/input`            RunnerInput → RunnerInputReply (writes to a terminal)
 * - `POST /runner/settle`           RunnerSettle → RunnerSettled
 * - `POST /runner/exec`             frames → frames (src/frames.ts); first frame: RunnerExecSpec
 * - `POST /runner/attach`           frames → frames; first frame: RunnerAttachSpec
 * - `GET  /runner/files?path=P`     → tar stream of P (one top-level entry: its base name)
 * - `PUT  /runner/files?path=P`     tar stream → {path}; unpacked into the folder P
 * - `GET  /runner/files/stat?path=P`→ {type, sizeBytes}
 * - `POST /runner/tunnel`           frames ⇄ frames of the tunnel (src/tunnel/protocol.ts)
 * - `GET  /runner/browser`          → RunnerBrowser
 * - `GET  /runner/browser/pages`    → ids of its pages' targets, the one that was last active first
 * - `POST /runner/browser/start`    RunnerBrowserStart → RunnerBrowser, once its DevTools answer
 * - `POST /runner/browser/stop`     → RunnerBrowser, once it has ended
 * - `POST /runner/browser/connect`  bytes ⇄ bytes of a connection to the browser's DevTools
 * - `/json*`, `/devtools/*`         Chromium's DevTools, proxied
 *
 * Errors are `ErrorBody` (src/contract/errors.ts) with their HTTP status.
 */
export const runnerPort = 7000;
export const rfbPort = 5900;

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

export interface RunnerHealth {
  version: string;
  uptimeMs: number;
  ready: boolean;
  checks: { name: string; ok: boolean; message: string }[];
}

export type RunnerEvent =
  /** With how often the runner has died and was started again, and how it died last. */
  | { type: "heartbeat"; time: number; endings: number; ending: string }
  | { type: "ready" }
  /** A terminal's screen has changed; `seq` grows with every change. */
  | { type: "terminal"; id: string; seq: number; prompt: boolean }
  /** The program in front waits for input; said again and again while it does. */
  | { type: "input"; id: string }
  /** Something about a window has changed: that it is there, its title, its place. */
  | { type: "windows" }
  /** A program has begun or ceased to listen on a TCP port. */
  | { type: "ports" }
  /** The shell is back at its prompt (OSC 133). */
  | { type: "prompt"; id: string; exitStatus: number | null }
  /** The focused window or its title is another one. */
  | { type: "focus"; window: RunnerWindow | null };

export interface RunnerWindow {
  /** X window id as `0x…`. */
  id: string;
  title: string;
  class: string;
  x: number;
  y: number;
  width: number;
  height: number;
  /** Id of the terminal that it shows, if it is one of the runner's. */
  terminal: string | null;
}

interface RunnerRectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A window that shows on the desktop: mapped, and not one that only takes input. */
export interface RunnerShownWindow extends RunnerWindow {
  /** As the program says it; null: it does not. */
  pid: number | null;
  /** By the window manager: menus, tooltips and panels are not. */
  managed: boolean;
  /** What it takes of the desktop, with its decoration. */
  frame: RunnerRectangle;
  /** Of a terminal: the size of its cells, and where in its inside the first begins; else null. */
  cells: RunnerRectangle | null;
}

/** A window that the window manager manages. */
export interface RunnerManagedWindow extends RunnerWindow {
  focused: boolean;
  /** As the program says it; null: it does not. */
  pid: number | null;
  state: "normal" | "maximized" | "minimized" | "fullscreen";
  /** Number of its desktop, from 0; null: it is on all. */
  desktop: number | null;
  /** Id of the window whose dialog it is. */
  dialogOf: string | null;
  /** With its decoration. */
  frame: RunnerRectangle;
  /** Of a terminal: the size of its cells, and where in its inside the first begins; else null. */
  cells: RunnerRectangle | null;
}

export interface RunnerWindows {
  /** The topmost first. */
  windows: RunnerManagedWindow[];
  /** Where the pointer is, and over which of them; null: over none of them. */
  pointer: { x: number; y: number; window: string | null };
}

/** What is done with a window. `move` places its decoration, `resize` its inside, in pixels. */
export type RunnerWindowAction =
  | { action: "focus" | "raise" | "lower" | "maximize" | "minimize" | "restore" | "close" }
  | { action: "move"; x: number; y: number }
  | { action: "resize"; width: number; height: number };

export interface RunnerWindowActed {
  /** As it is then; null: it is gone. */
  window: RunnerManagedWindow | null;
  /** Whether it is as was asked, within a moment. */
  done: boolean;
}

/** TCP ports on which programs inside listen. */
export interface RunnerPorts {
  listeners: { port: number; address: string }[];
}

/** Open something, and wait for its window. */
export interface RunnerOpen {
  /** One word: a URL, a path or a line for the shell; several: a program and its arguments. */
  target: string[];
  /** Longest wait for the window, in milliseconds. */
  withinMs: number;
}

export interface RunnerOpened {
  /** What the target was taken for. */
  kind: "url" | "path" | "command";
  /** What was started, and the id of its process. */
  command: string[];
  pid: number;
  window: RunnerManagedWindow;
}

/** A window whose elements are asked for. */
export type RunnerAccessibleWindow = Pick<RunnerManagedWindow, "id" | "title" | "pid"> &
  RunnerRectangle & {
    /** By the window manager: menus and tooltips are not. */
    managed: boolean;
  };

/** A part of a toolkit's window that shows: a button, a label, a text. */
export interface RunnerElement {
  /** Identity of it as long as it is there, and is what it is. */
  key: string;
  /** As WAI-ARIA names it. */
  role: string;
  name: string;
  /** Of what can be typed into, or set; else null. */
  value: string | null;
  /** Words such as `checked`, `disabled`. */
  states: string[];
  /** What is seen of it, on the desktop; null: its toolkit does not tell. */
  box: RunnerRectangle | null;
  /** In how many listed elements it is. */
  depth: number;
  /** One can act on it, or on what is in it: not only text. */
  listed: boolean;
  /** The text that it shows itself, with its place. */
  lines: { text: string; box: RunnerRectangle | null }[];
}

export interface RunnerElements {
  /** In reading order, for each window of which something is known. */
  windows: { id: string; degraded: string | null; elements: RunnerElement[] }[];
}

/** `focus`: give it the keyboard's focus; `press`: do what a click would. */
export type RunnerElementAct = "see" | "locate" | "focus" | "press";

export interface RunnerElementActed {
  /** As it is now; null: it is not there any more. */
  element: RunnerElement | null;
  /** Id of its window, if it is one of those that were sent. */
  window: string | null;
  done: boolean;
}

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

export type RunnerPrompt = Pick<RunnerTerminal, "id" | "prompt" | "exitStatus" | "lastCommand">;

/** Where keys go now: what of a RunnerScreen costs nothing to tell. */
export interface RunnerFocus {
  window: RunnerWindow | null;
  /** The focused window's terminal; null when it shows none of the runner's. */
  terminal: Pick<RunnerTerminal, "id" | "inputBytes"> | null;
}

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

export interface RunnerFileStat {
  type: "file" | "directory" | "other" | "none";
  sizeBytes: number;
}

export interface RunnerFolder {
  entries: { name: string; type: "file" | "directory" | "other" }[];
  truncated: boolean;
}

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

export interface RunnerAttachSpec {
  terminal?: string;
}
