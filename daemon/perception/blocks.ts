import { deadline, within } from "../../src/abort.ts";
import type { ScreenOptions, ScreenOutput, TextBlock } from "../../src/contract/screen.ts";
import type { RunnerScreen, RunnerWindow } from "../../src/runner/protocol.ts";
import { chosenWindow } from "../desktop/windows.ts";
import type { Region } from "../display/types.ts";
import type { Matches } from "../patterns/patterns.ts";
import type { RunnerClient } from "../runner/client.ts";
import { capped } from "./cap.ts";
import type { RefLister } from "./ref-lists.ts";
import { textsOf, withoutEnd } from "./rows.ts";
import type { SeenWindow, TextSource } from "./source.ts";
import { terminalText } from "./terminal-text.ts";
import { textBlock } from "./text-block.ts";
import { TextRevs } from "./text-revs.ts";
import { meet, seenWindows } from "./visible.ts";
import { noText, sourceText, type WindowText } from "./window-text.ts";

/** Longest that a source may take for all windows, in milliseconds. */
const sourceMs = 3_000;

/** Larger than any desktop. */
const anySize = { width: 32_767, height: 32_767 };

/** Whose screen it is, and its size. */
export interface Screened {
  id: string;
  width: number;
  height: number;
}

export interface BlocksParts {
  runner: Pick<RunnerClient, "screen">;
  matches: Matches;
  /** The best first. */
  sources: readonly TextSource[];
  refs: Pick<RefLister, "list">;
}

/** What of a reply is about text. */
type SeenText = Pick<ScreenOutput, "window" | "text" | "textRev" | "gone" | "degraded">;

/** Reads the text of the whole screen: a block for each window, from the best source that knows it. */
export class Blocks {
  private readonly revs = new TextRevs();

  constructor(private readonly parts: BlocksParts) {}

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
      this.parts.refs.list(of, present(windows), options, signal),
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

  /** The text of all windows that show, or of the one that is named, as nothing was chosen from it. */
  async texts(
    session: string,
    window: string | undefined,
    signal: AbortSignal,
  ): Promise<WindowText[]> {
    const of = { id: session, ...anySize };
    const screen = await this.parts.runner.screen(session, { all: true }, signal);
    const look = { window, lastOutput: false };
    const windows = wanted(screen, windowsOf(screen, of), look);
    return (await this.readAll(of, screen, windows, look, signal)).texts;
  }

  /** The text of each of the windows, from the best source that knows it. */
  private async readAll(
    of: { id: string },
    { terminal, others }: RunnerScreen,
    windows: readonly (SeenWindow | null)[],
    options: Pick<ScreenOptions, "lastOutput">,
    signal: AbortSignal,
  ): Promise<{ texts: WindowText[]; degraded: string[] }> {
    const terminals = new Map([terminal, ...others].map((each) => [each?.id, each]));
    const known = new Map<string, WindowText>();
    const degraded: string[] = [];
    const left = () => present(windows).filter((each) => !known.has(each.id));
    for (const window of left()) {
      const state = window.terminal === null ? null : terminals.get(window.terminal);
      if (state) known.set(window.id, terminalText(state, window, options));
    }
    for (const source of this.parts.sources) {
      const asked = left();
      if (asked.length === 0) break;
      const ends = deadline(sourceMs, signal);
      try {
        for (const [id, text] of await within(source.read(of, asked, ends), ends)) {
          const window = asked.find((each) => each.id === id);
          if (window) known.set(id, sourceText(window, source.source, text));
        }
      } catch (error) {
        signal.throwIfAborted();
        degraded.push(`${source.source}: ${(error as Error).message}`);
      }
    }
    const texts = windows.map((window) => {
      if (window) return known.get(window.id) ?? unread(window);
      return terminal ? terminalText(terminal, null, options) : noText(null, "no window shows");
    });
    return { texts: texts.filter((each) => each !== null), degraded };
  }
}

/** A menu or panel of which nothing is known is no loss: the picture shows it. */
function unread(window: SeenWindow): WindowText | null {
  return window.managed ? noText(window, "it is not a terminal: see the picture") : null;
}

/** The windows of which text is wanted, the focused one first; null: there is none to speak of. */
function wanted(
  { focused, terminal }: RunnerScreen,
  shown: readonly SeenWindow[],
  { window: ref, lastOutput }: Pick<ScreenOptions, "window" | "lastOutput">,
): (SeenWindow | null)[] {
  if (ref !== undefined) return [chosenWindow(ref, shown)];
  const first = shown.find(({ id }) => id === focused?.id);
  if (lastOutput) return [first ?? shown.find((each) => each.terminal === terminal?.id) ?? null];
  const others = showing(shown).filter((each) => each !== first);
  const all = first ? [first, ...others] : others;
  return all.length > 0 ? all : [null];
}

function present(windows: readonly (SeenWindow | null)[]): SeenWindow[] {
  return windows.filter((each) => each !== null);
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

function keyOf({ window }: WindowText): string {
  return window?.id ?? "";
}
