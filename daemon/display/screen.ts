import type { z } from "zod";
import type { ScreenOutput, screen as screenOperation } from "../../src/contract/screen.ts";
import type { RunnerScreen, RunnerTerminal, RunnerWindow } from "../../src/runner/protocol.ts";
import type { RunnerClient } from "../runner/client.ts";
import type { EncodedFrame, FrameEncoder } from "./encode.ts";
import type { Displays } from "./types.ts";

export type ScreenOptions = Omit<z.output<typeof screenOperation.input>, "session">;

/** What a look at the screen gives: all that `screen` replies, the picture as bytes. */
export interface Look {
  facts: Omit<ScreenOutput, "image">;
  /** Null when not asked for, or when nothing has changed since `since`. */
  frame: EncodedFrame | null;
}

type Size = ScreenOutput["size"];

/** Sees: pixels from the framebuffer, exact text from the runner, in one call. */
export class Screens {
  constructor(
    private readonly displays: Displays,
    private readonly runner: Pick<RunnerClient, "screen">,
    private readonly encoder: FrameEncoder,
  ) {}

  /** `size` is that of the desktop; without a picture or `since`, its pixels are not looked at. */
  async look(
    session: string,
    size: Size,
    options: ScreenOptions,
    signal: AbortSignal,
  ): Promise<Look> {
    if (!options.image && options.since === undefined) {
      const seen = await this.text(session, options, signal);
      const time = new Date().toISOString();
      return {
        frame: null,
        facts: { rev: null, changed: null, time, size, pointer: null, ...seen },
      };
    }
    using lease = await this.displays.acquire(session, signal);
    const { display } = lease;
    const text = this.text(session, options, signal);
    // A rejection must not go unhandled when encoding fails first.
    text.catch(() => {});
    const rev = display.rev();
    const { width, height } = display.framebuffer;
    const changed = options.since === undefined ? null : options.since !== rev;
    const frame =
      options.image && changed !== false
        ? await this.encoder.encode(display, options, signal)
        : null;
    const seen = await text;
    return {
      frame,
      facts: {
        rev: frame?.rev ?? rev,
        changed,
        time: new Date().toISOString(),
        size: { width, height },
        pointer: display.pointer,
        ...seen,
      },
    };
  }

  /** The reply without the picture's bytes in it; used where text is enough. */
  async read(session: string, size: Size, signal: AbortSignal): Promise<ScreenOutput> {
    const options = { image: false, text: true, format: "png", quality: 80, lines: 0 } as const;
    const { facts } = await this.look(session, size, options, signal);
    return { ...facts, image: null };
  }

  private async text(
    session: string,
    options: ScreenOptions,
    signal: AbortSignal,
  ): Promise<Pick<ScreenOutput, "window" | "text">> {
    if (!options.text) return { window: null, text: null };
    const screen = await this.runner.screen(session, options.lines, signal);
    return {
      window: screen.focused && windowOf(screen.focused),
      text: textOf(screen),
    };
  }
}

/** The wire form of a frame. */
export function imageOf(frame: EncodedFrame): NonNullable<ScreenOutput["image"]> {
  const { bytes, format, width, height, scaleX, scaleY, offsetX, offsetY } = frame;
  return {
    format,
    width,
    height,
    bytes: bytes.length,
    base64: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64"),
    scaleX,
    scaleY,
    offsetX,
    offsetY,
  };
}

function windowOf(window: RunnerWindow): NonNullable<ScreenOutput["window"]> {
  const { id, title, x, y, width, height } = window;
  return { id, title, class: window.class, region: { x, y, width, height } };
}

function textOf({ focused, terminal }: RunnerScreen): NonNullable<ScreenOutput["text"]> {
  const shown = terminal !== null && (focused === null || focused.terminal === terminal.id);
  if (!shown) {
    return {
      ...emptyText,
      degraded: "the focused window is not a terminal: see the picture",
      window: focused?.id ?? null,
    };
  }
  return { ...terminalText(terminal), window: focused?.id ?? null };
}

const emptyText = {
  source: "none",
  degraded: null,
  window: null,
  lines: [],
  columns: 0,
  rows: 0,
  cursor: null,
  alternate: false,
  prompt: false,
  exitStatus: null,
  command: null,
} as const satisfies ScreenOutput["text"] & { lines: readonly [] };

function terminalText(terminal: RunnerTerminal): NonNullable<ScreenOutput["text"]> {
  const { lines, columns, rows, cursor, alternate, prompt, exitStatus, command } = terminal;
  return {
    source: "terminal",
    degraded: null,
    window: null,
    lines,
    columns,
    rows,
    cursor,
    alternate,
    prompt,
    exitStatus,
    command,
  };
}
