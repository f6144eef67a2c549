import { deadline, within } from "../../src/abort.ts";
import type { ScreenOptions } from "../../src/contract/screen.ts";
import type { RunnerScreen } from "../../src/runner/screen.ts";
import { messageOf } from "../../src/thrown.ts";
import type { Region } from "../display/types.ts";
import type { ScreenOcr } from "./ocr/screen-ocr.ts";
import type { SeenWindow, SourceText, TextSource } from "./source.ts";
import { terminalText } from "./terminal-text.ts";
import { isIn, without } from "./visible.ts";
import { noText, sourceText, type WindowText } from "./window-text.ts";

/** Longest that a source may take for all windows, in milliseconds. */
const sourceMs = 3_000;
/** Parts of the screen that are recognised in one look, the largest, and how long that may take, in milliseconds. */
const maxOcrParts = 32;
const ocrMs = 90_000;
/** Parts of a window that are smaller hold no text, in pixels. */
const leastOcr = { width: 12, height: 10 };

export interface ReadingParts {
  /** The best first. */
  sources: readonly TextSource[];
  ocr: Pick<ScreenOcr, "read">;
}

/** How windows are read: `ocr` where no better source has an answer. */
type Wanted = Pick<ScreenOptions, "lastOutput" | "ocr">;

/** What was read of several windows. */
interface Read {
  /** One for each, but for menus of which nothing is known; two where some was recognised beside a page. */
  texts: WindowText[];
  /** Why something is missing that concerns no single window. */
  degraded: string[];
}

/** Reads windows, each from the best source that knows it. */
export class Reading {
  constructor(private readonly its: ReadingParts) {}

  /** The text of each of the windows, in their order. */
  async read(
    session: { id: string },
    { terminal, others }: RunnerScreen,
    windows: readonly SeenWindow[],
    options: Wanted,
    signal: AbortSignal,
  ): Promise<Read> {
    const terminals = new Map([terminal, ...others].map((each) => [each?.id, each]));
    const known = new Map<string, WindowText>();
    for (const window of windows) {
      const state = window.terminal === null ? null : terminals.get(window.terminal);
      if (state) known.set(window.id, terminalText(state, window, options));
    }
    const gaps = new Map<SeenWindow, Region[]>();
    const degraded: string[] = [];
    for (const source of this.its.sources) {
      const asked = windows.filter((window) => !known.has(window.id) && isOfProgram(window));
      if (asked.length === 0) break;
      const { told, why } = await this.ask(source, session, asked, signal);
      if (why !== null) degraded.push(why);
      for (const window of asked) {
        const text = told.get(window.id);
        if (!text) continue;
        known.set(window.id, sourceText(window, source.source, text));
        const isSilent = text.lines.length === 0 && text.degraded !== null;
        const covers = isSilent ? [] : text.covers;
        if (covers) gaps.set(window, gapsOf(window, covers));
      }
    }
    if (options.ocr) {
      for (const window of windows) if (!known.has(window.id)) gaps.set(window, gapsOf(window, []));
    }
    const seen = new Map<SeenWindow, WindowText>();
    if (options.ocr) {
      const why = await this.recognise(session, gaps, seen, signal);
      if (why !== null) degraded.push(`OCR: ${why}`);
    }
    const texts = windows.flatMap((window) => {
      const recognised = seen.get(window) ?? null;
      const best = known.get(window.id) ?? (recognised ? null : unread(window, options));
      return [best, recognised].filter((each) => each !== null);
    });
    return { texts, degraded };
  }

  /** What a source tells, or why it does not. */
  private async ask(
    source: TextSource,
    session: { id: string },
    windows: readonly SeenWindow[],
    signal: AbortSignal,
  ): Promise<{ told: ReadonlyMap<string, SourceText>; why: string | null }> {
    const ends = deadline(sourceMs, signal);
    try {
      return { told: await within(source.read(session, windows, ends), ends), why: null };
    } catch (error) {
      signal.throwIfAborted();
      return { told: new Map(), why: `${source.source}: ${messageOf(error)}` };
    }
  }

  /** Adds what is recognised in the gaps of each window; says why that is not all. */
  private async recognise(
    { id }: { id: string },
    gaps: ReadonlyMap<SeenWindow, Region[]>,
    seen: Map<SeenWindow, WindowText>,
    signal: AbortSignal,
  ): Promise<string | null> {
    const all = [...gaps.values()].flat().sort((a, b) => areaOf(b) - areaOf(a));
    const ends = deadline(ocrMs, signal);
    const { lines, degraded: why } = await within(
      this.its.ocr.read(id, all.slice(0, maxOcrParts), ends),
      ends,
    );
    const left = all.length - maxOcrParts;
    const degraded = left > 0 ? `${left} small parts of the screen were not read` : why;
    for (const [window, parts] of gaps) {
      const isOwn = ({ x, y, width, height }: Region) => isIn(x + width / 2, y + height / 2, parts);
      const own = lines.filter(({ box }) => isOwn(box));
      const text = { lines: own, degraded: null, covers: null };
      if (own.length > 0) seen.set(window, sourceText(window, "ocr", text));
    }
    return degraded;
  }
}

function areaOf({ width, height }: Region): number {
  return width * height;
}

/** The task bar and the menus of the window manager have no name, and no program to ask. */
function isOfProgram({ managed, pid, class: kind }: SeenWindow): boolean {
  return managed || pid !== null || kind !== "";
}

/** The parts of a window that show, and of which nothing is known. */
export function gapsOf(
  { visible }: Pick<SeenWindow, "visible">,
  covers: readonly Region[],
): Region[] {
  return visible
    .flatMap((part) => without(part, covers))
    .filter(({ width, height }) => width >= leastOcr.width && height >= leastOcr.height);
}

/** A menu or panel of which nothing is known is no loss: the picture shows it. */
function unread(window: SeenWindow, { ocr }: Wanted): WindowText | null {
  const why = ocr ? "nothing was recognised in it" : "its text is not known without OCR";
  return window.managed ? noText(window, `${why}: see the picture`) : null;
}
