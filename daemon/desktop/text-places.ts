import { NexoraError } from "../../src/contract/errors.ts";
import type { ManagedWindow } from "../../src/contract/window.ts";
import type { Region } from "../display/types.ts";
import type { Point } from "../input/pointer.ts";
import type { Blocks } from "../perception/blocks.ts";
import { placeOf } from "../perception/places.ts";
import { isIn } from "../perception/visible.ts";
import type { WindowText } from "../perception/window-text.ts";
import type { DesktopWindows } from "./windows.ts";

/** Most matches that an error lists. */
const listed = 10;

const look = "look at a picture of it, and click at coordinates: `nexora screen -o FILE`";

const nowhere = { x: 0, y: 0, width: 0, height: 0 };

interface Match {
  text: WindowText;
  row: number;
  /** From 1, in characters. */
  column: number;
  line: string;
  place: () => Region | null;
}

/** A text that is looked for. */
export interface WantedText {
  text: string;
  /** The window to look in. */
  window?: string | undefined;
  /** Look for it in pictures as well. */
  ocr: boolean;
}

/** A text that was found in a window, or a menu. */
export interface FoundText {
  text: string;
  window: string | undefined;
  isMenu: boolean;
  ocr: boolean;
}

/** Where a text stands. */
export interface TextPlace {
  point: Point;
  /** Its window; null: a menu. */
  window: ManagedWindow | null;
  /** The text, and where it was found. */
  found: FoundText;
}

/** Finds where on the desktop a text stands, in any window whose text is known. */
export class TextPlaces {
  constructor(
    private readonly blocks: Pick<Blocks, "texts" | "under">,
    private readonly windows: DesktopWindows,
  ) {}

  /**
   * The middle of the one place where the text stands. Throws `not_found` and `conflict`, which lists the
   * rows.
   */
  async find(session: string, wanted: WantedText, signal: AbortSignal): Promise<TextPlace> {
    const { text, window: only, ocr } = wanted;
    const [seen, { windows }] = await Promise.all([
      this.blocks.texts(session, only, signal, ocr),
      this.windows.list(session, signal),
    ]);
    const match = one(wanted, seen);
    const { window } = match.text;
    checkExact(match.text);
    const box = match.place();
    if (!box) {
      throw new NexoraError(
        "action_failed",
        `where ${JSON.stringify(text)} stands in window ${window?.id} is not known; nothing was clicked`,
        { hint: look },
      );
    }
    const { x, y, width, height } = box;
    return {
      window: windows.find(({ id }) => id === window?.id) ?? null,
      point: { x: Math.floor(x + width / 2), y: Math.floor(y + height / 2) },
      found: { text, window: window?.id, isMenu: window?.managed === false, ocr },
    };
  }

  /**
   * That the text still stands, and shows, at that point. Throws `action_failed` with what is there instead, or
   * why that is not known.
   */
  async checkThere(
    session: string,
    { text, window, isMenu, ocr }: FoundText,
    at: Point,
    signal: AbortSignal,
  ): Promise<void> {
    // What is in a menu, the window that has opened it tells.
    const only = isMenu ? undefined : window;
    const seen = await this.blocks.texts(session, only, signal, ocr).catch((error) => {
      if (error instanceof NexoraError && error.code === "not_found") return [];
      throw error;
    });
    const there = seen.find(
      (each) =>
        each.window?.id === window &&
        isIn(at.x, at.y, each.window?.visible ?? []) &&
        matchesIn(each, text).some(({ place }) => isIn(at.x, at.y, [place() ?? nowhere])),
    );
    if (there) return checkExact(there);
    throw new NexoraError(
      "action_failed",
      `${JSON.stringify(text)} is not at ${at.x},${at.y} any more: ${await this.instead(session, at, signal)}; nothing was clicked`,
      { hint: "look at the screen, and try again" },
    );
  }

  /** What shows at a point now, in a few words. */
  async instead(session: string, at: Point, signal: AbortSignal): Promise<string> {
    const window = await this.blocks.under(session, at, signal);
    if (!window) return "no window's inside shows there now";
    const name = window.title || window.class;
    return `there is now ${window.id}${name ? ` ${JSON.stringify(name)}` : ""}`;
  }
}

function checkExact({ terminal }: WindowText): void {
  if (!terminal?.state.degraded) return;
  throw new NexoraError(
    "action_failed",
    `the terminal's text is not exact now (${terminal.state.degraded}); nothing was clicked`,
    { hint: look },
  );
}

function one({ text: wanted, ocr }: WantedText, texts: readonly WindowText[]): Match {
  const matches = texts.flatMap((text) => matchesIn(text, wanted));
  const [first] = matches;
  const what = JSON.stringify(wanted);
  if (!first) {
    const unknown = texts.filter(({ source, isPartial }) => source === "none" || isPartial);
    const ids = unknown.flatMap(({ window }) => window?.id ?? []);
    const unread = ids.length > 0 ? `; the text of ${ids.join(", ")} is not known, or not all` : "";
    throw new NexoraError(
      "not_found",
      `the screen does not show ${what}${unread}; nothing was clicked`,
      {
        hint: ocr
          ? "`nexora screen --text --ocr` prints what it shows, as far as it was recognised"
          : "`nexora screen --text` prints what is known of it, `nexora wait --text RE` waits for it; with `--ocr` the text of pictures and menus is looked at, too",
      },
    );
  }
  if (matches.length === 1) return first;
  const rows = matches.slice(0, listed).map(({ text, row, column, line }) => {
    const where = texts.length > 1 ? ` of ${text.window?.id}` : "";
    return `row ${row}, column ${column}${where}: ${line.trim()}`;
  });
  throw new NexoraError(
    "conflict",
    `the screen shows ${what} ${matches.length} times; nothing was clicked`,
    {
      hint: `give more of the text, or the window: ${rows.join("; ")}`,
      details: {
        matches: matches.map(({ text, row, column }) => ({
          window: text.window?.id ?? null,
          row,
          column,
        })),
      },
    },
  );
}

function matchesIn(text: WindowText, wanted: string): Match[] {
  return text.rows.flatMap((row) => {
    const matches: Match[] = [];
    const { text: line, number } = row;
    for (let at = line.indexOf(wanted); at >= 0; at = line.indexOf(wanted, at + wanted.length)) {
      const place = () => placeOf(text, row, at, at + wanted.length);
      matches.push({ text, row: number, column: at + 1, line, place });
    }
    return matches;
  });
}
