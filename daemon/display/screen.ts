import type { ScreenOptions, ScreenOutput, TextBlock } from "../../src/contract/screen.ts";
import type { RunnerScreen, RunnerWindow } from "../../src/runner/protocol.ts";
import type { Matches } from "../patterns/patterns.ts";
import type { SeenFrames } from "../perception/diff/seen-frames.ts";
import type { RunnerClient } from "../runner/client.ts";
import type { FrameEncoder } from "./encode.ts";
import { Picture } from "./picture.ts";
import { PictureFrames } from "./picture-frames.ts";
import { terminalText } from "./text-block.ts";
import { TextRevs } from "./text-revs.ts";
import type { Displays } from "./types.ts";

/** Whose screen it is, and its size, which text alone does not ask the display for. */
export interface Screened {
  id: string;
  width: number;
  height: number;
}

/** Sees: pixels from the framebuffer, exact text from the runner, in one call. */
export class Screens {
  private readonly revs = new TextRevs();

  constructor(
    private readonly displays: Displays,
    private readonly runner: Pick<RunnerClient, "screen">,
    private readonly encoder: FrameEncoder,
    private readonly matches: Matches,
    private readonly pictures: PictureFrames = new PictureFrames(),
    private readonly seen: Pick<SeenFrames, "see"> | null = null,
  ) {}

  /** Without a picture or `since`, the display's pixels are not looked at. */
  async look(of: Screened, options: ScreenOptions, signal: AbortSignal): Promise<ScreenOutput> {
    const text = this.text(of.id, options, signal);
    // A rejection must not go unhandled when the picture fails first.
    text.catch(() => {});
    const pixels = await this.pixels(of, options, signal);
    return { time: new Date().toISOString(), ...pixels, ...(await text) };
  }

  private async pixels(
    { id, width, height }: Screened,
    options: ScreenOptions,
    signal: AbortSignal,
  ): Promise<Pick<ScreenOutput, "rev" | "changed" | "size" | "pointer" | "image">> {
    if (!options.image && options.since === undefined) {
      return { rev: null, changed: null, size: { width, height }, pointer: null, image: null };
    }
    using lease = await this.displays.acquire(id, signal);
    const { display } = lease;
    const { framebuffer, pointer } = display;
    const size = { width: framebuffer.width, height: framebuffer.height };
    const rev = display.rev();
    const changed = options.since === undefined ? null : options.since !== rev;
    if (!options.image || changed === false) return { rev, changed, size, pointer, image: null };
    this.seen?.see(id, display);
    const frame = await this.encoder.encode(display, options, signal);
    this.pictures.remember(id, frame.rev, frame);
    return { rev: frame.rev, changed, size, pointer, image: new Picture(frame) };
  }

  private async text(
    session: string,
    options: ScreenOptions,
    signal: AbortSignal,
  ): Promise<Pick<ScreenOutput, "window" | "text">> {
    if (!options.text) return { window: null, text: null };
    const { lines, lastOutput: output, marks } = options;
    const screen = await this.runner.screen(session, { lines, output, marks }, signal);
    const text = await this.blocks(session, screen, options);
    return { window: screen.focused && windowOf(screen.focused), text };
  }

  /** One block for each window whose text is known; for now the focused one. */
  private async blocks(
    session: string,
    { focused, terminal }: RunnerScreen,
    options: ScreenOptions,
  ): Promise<TextBlock[]> {
    const window = focused?.id ?? null;
    const region = focused && windowOf(focused).region;
    if (terminal !== null && (focused === null || focused.terminal === terminal.id)) {
      const matches = async (pattern: string, texts: readonly string[]) =>
        (await this.matches(session, [pattern], texts))[0] ?? [];
      return [{ window, region, ...(await terminalText(terminal, options, this.revs, matches)) }];
    }
    const degraded = "the focused window is not a terminal: see the picture";
    return [{ ...noText, lines: [], window, region, degraded }];
  }
}

const noText = {
  source: "none" as const,
  rows: null,
  rev: null,
  cursor: null,
  marks: null,
  terminal: null,
};

function windowOf(window: RunnerWindow): NonNullable<ScreenOutput["window"]> {
  const { id, title, x, y, width, height } = window;
  return { id, title, class: window.class, region: { x, y, width, height } };
}
