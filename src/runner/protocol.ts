import type { RunnerWindow } from "./windows.ts";

/**
 * What the daemon and the runner in the workstation say to each other. The runner listens on
 * `runnerPort` inside; every request carries `Authorization: Bearer <token>`. The types that are not
 * here are in the files beside this one, by topic.
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

/** TCP ports on which programs inside listen. */
export interface RunnerPorts {
  listeners: { port: number; address: string }[];
}
