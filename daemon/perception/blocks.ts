import type { ScreenOptions, ScreenOutput, TextBlock } from "../../src/contract/screen.ts";
import type { RunnerScreen } from "../../src/runner/screen.ts";
import type { RunnerWindow } from "../../src/runner/windows.ts";
import { chosenWindow } from "../desktop/windows.ts";
import type { Region } from "../display/types.ts";
import type { Matches } from "../patterns/patterns.ts";
import type { RunnerClient } from "../runner/client.ts";
import { capped } from "./cap.ts";
import { Reading, type ReadingParts } from "./reading.ts";
import type { RefLister } from "./ref-lists.ts";
import { textsOf, withoutEnd } from "./rows.ts";
import type { SeenWindow } from "./source.ts";
import { terminalText } from "./terminal-text.ts";
import { textBlock } from "./text-block.ts";
import { TextRevs } from "./text-revs.ts";
import { isIn, maxWindows, meet, seenWindows } from "./visible.ts";
import { noText, type WindowText } from "./window-text.ts";

/** Larger than any desktop. */
const anySize = { width: 32_767, height: 32_767 };

/** Whose screen it is, and its size. */
export interface Screened {
  id: string;
  width: number;
  height: number;
}

export interface BlocksParts extends ReadingParts {
  runner: Pick<RunnerClient, "screen">;
  matches: Matches;
  refs: Pick<RefLister, "list">;
}

/** The text of all that shows, and what it was read from. */
export interface Survey {
  windows: readonly SeenWindow[];
  texts: readonly WindowText[];
  /** Why something is missing that concerns no single window. */
  degraded: readonly string[];
  /** Whether these are all windows that show. */
  isWhole: boolean;
}

/** What of a reply is about text. */
type SeenText = Pick<ScreenOutput, "window" | "text" | "textRev" | "gone" | "degraded">;

/** Reads the text of the whole screen: a block for each window, from the best source that knows it. */
export class Blocks {
  private readonly revs = new TextRevs();
  private readonly reading: Reading;

  constructor(private readonly parts: BlocksParts) {
    this.reading = new Reading(parts);
  }

  /** Throws `not_found` and `conflict` for the window that was named. */
  async read(of: Screened, options: ScreenOptions, signal: AbortSignal): Promise<SeenText> {
    const { lines, lastOutput: output, marks } = options;
    const screen = await this.parts.runner.screen(
      of.id,
      { lines, output, marks, all: true },
      signal,
    );
    const shown = windowsOf(screen, of);
    const windows = wanted(screen, shown, options);
    const [{ texts, degraded }, refs] = await Promise.all([
      this.readAll(of, screen, windows, options, signal),
      this.parts.refs.list(of, windows, options, signal),
    ]);
    degraded.push(...(refs?.degraded ?? []));
    const rows = new Map(texts.map((text) => [keyOf(text), textsOf(text.rows)]));
    const since = options.since === undefined ? null : this.revs.since(options.since);
    const unknown = options.since !== undefined && !since;
    if (unknown) {
      degraded.push(`${JSON.stringify(options.since)} is not known any more: all rows are given`);
    }
    const blocks: TextBlock[] = [];
    for (const text of texts) {
      const key = keyOf(text);
      const own = rows.get(key) ?? [];
      const isFocused = text.window?.id === screen.focused?.id;
      if (since?.isSame(key, own) && !isFocused && !refs) continue;
      const all = unknown ? { ...text, rows: withoutEnd(text.rows) } : text;
      const matches = async (pattern: string, each: readonly string[]) =>
        (await this.parts.matches(of.id, [pattern], each))[0] ?? [];
      const block = await textBlock(all, since?.changed(key, own) ?? null, options, matches);
      blocks.push({ ...block, refs: refs?.lists.get(key) ?? null });
    }
    return {
      window: screen.focused && told(screen.focused),
      text: options.maxOutput === undefined ? blocks : capped(blocks, options.maxOutput),
      textRev: this.revs.remember(rows),
      gone: since?.gone(showing(shown).map(({ id }) => id)) ?? null,
      degraded: degraded.join("; ") || null,
    };
  }

  /** A window by its id, title or class, and the part of it that lies on the desktop. */
  async window(
    of: Screened,
    ref: string,
    signal: AbortSignal,
  ): Promise<{ id: string; inside: Region | null }> {
    const screen = await this.parts.runner.screen(of.id, { all: true }, signal);
    const { id, region } = chosenWindow(ref, windowsOf(screen, of));
    return { id, inside: meet(region, { x: 0, y: 0, width: of.width, height: of.height }) };
  }

  /** The window, menus and panels too, whose inside shows at a point of the desktop; null: none does. */
  async under(
    session: string,
    { x, y }: { x: number; y: number },
    signal: AbortSignal,
  ): Promise<SeenWindow | null> {
    const screen = await this.parts.runner.screen(session, { all: true }, signal);
    const windows = windowsOf(screen, { id: session, ...anySize });
    return windows.find(({ visible }) => isIn(x, y, visible)) ?? null;
  }

  /** The text of all windows that show, or of the one that is named, as nothing was chosen from it. */
  async texts(
    session: string,
    window: string | undefined,
    signal: AbortSignal,
    ocr = false,
  ): Promise<WindowText[]> {
    const of = { id: session, ...anySize };
    const screen = await this.parts.runner.screen(session, { all: true }, signal);
    const look = { window, lastOutput: false, ocr };
    const windows = wanted(screen, windowsOf(screen, of), look);
    return (await this.readAll(of, screen, windows, look, signal)).texts;
  }

  /** The text of all windows that show, with what is needed to tell what is not among it. */
  async survey(
    of: Screened,
    { ocr }: Pick<ScreenOptions, "ocr">,
    signal: AbortSignal,
  ): Promise<Survey> {
    const screen = await this.parts.runner.screen(of.id, { all: true }, signal);
    const look = { window: undefined, lastOutput: false, ocr };
    const windows = wanted(screen, windowsOf(screen, of), look);
    const read = await this.readAll(of, screen, windows, look, signal);
    const isWhole = screen.windows !== null && screen.windows.length <= maxWindows;
    return { windows, ...read, isWhole };
  }

  private async readAll(
    of: { id: string },
    screen: RunnerScreen,
    windows: readonly SeenWindow[],
    options: Pick<ScreenOptions, "lastOutput" | "ocr">,
    signal: AbortSignal,
  ): Promise<{ texts: WindowText[]; degraded: string[] }> {
    if (windows.length > 0) return this.reading.read(of, screen, windows, options, signal);
    const { terminal } = screen;
    const text = terminal ? terminalText(terminal, null, options) : noText(null, "no window shows");
    return { texts: [text], degraded: [] };
  }
}

/** The windows of which text is wanted, the focused one first. */
function wanted(
  { focused, terminal }: RunnerScreen,
  shown: readonly SeenWindow[],
  { window: ref, lastOutput }: Pick<ScreenOptions, "window" | "lastOutput">,
): SeenWindow[] {
  if (ref !== undefined) return [chosenWindow(ref, shown)];
  const first = shown.find(({ id }) => id === focused?.id);
  if (lastOutput) {
    const shell = first ?? shown.find((each) => each.terminal === terminal?.id);
    return shell ? [shell] : [];
  }
  const others = showing(shown).filter((each) => each !== first);
  return first ? [first, ...others] : others;
}

function showing(windows: readonly SeenWindow[]): SeenWindow[] {
  return windows.filter(({ visible }) => visible.length > 0);
}

/** The windows on the desktop; of an older runner the focused one, as if nothing covered it. */
function windowsOf({ focused, windows }: RunnerScreen, of: Screened): SeenWindow[] {
  if (windows) return seenWindows(windows, of);
  if (!focused) return [];
  const { region, ...names } = told(focused);
  const seen = { ...names, region, visible: [region], coveredBy: [] };
  return [{ ...seen, pid: null, cells: null, managed: true, terminal: focused.terminal }];
}

function told(window: RunnerWindow): NonNullable<ScreenOutput["window"]> {
  const { id, title, x, y, width, height } = window;
  return { id, title, class: window.class, region: { x, y, width, height } };
}

/** A window may have two texts, one of them recognised. */
function keyOf({ window, source }: WindowText): string {
  return source === "ocr" ? `${window?.id} ocr` : (window?.id ?? "");
}
