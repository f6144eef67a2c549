import { NexoraError } from "../../src/contract/errors.ts";
import type { ManagedWindow } from "../../src/contract/window.ts";
import type { Region } from "../display/types.ts";
import type { Point } from "../input/pointer.ts";
import type { Blocks } from "../perception/blocks.ts";
import { placeOf } from "../perception/places.ts";
import type { WindowText } from "../perception/window-text.ts";
import type { DesktopWindows } from "./windows.ts";

/** Most matches that an error lists. */
const listed = 10;

const look = "look at a picture of it, and click at coordinates: `nexora screen -o FILE`";

interface Match {
  text: WindowText;
  row: number;
  /** From 1, in characters. */
  column: number;
  line: string;
  place: () => Region | null;
}

/** Finds where on the desktop a text stands, in any window whose text is known. */
export class TextPlaces {
  constructor(
    private readonly blocks: Pick<Blocks, "texts">,
    private readonly windows: DesktopWindows,
  ) {}

  /**
   * The middle of the one place where the text stands, and its window; null: it is a menu. `only` is the
   * window to look in. Throws `not_found` and `conflict`, which lists the rows.
   */
  async find(
    session: string,
    text: string,
    only: string | undefined,
    signal: AbortSignal,
  ): Promise<{ point: Point; window: ManagedWindow | null }> {
    const [seen, { windows }] = await Promise.all([
      this.blocks.texts(session, only, signal),
      this.windows.list(session, signal),
    ]);
    const match = one(text, seen);
    const { window, terminal } = match.text;
    if (terminal?.state.degraded) {
      throw new NexoraError(
        "action_failed",
        `the terminal's text is not exact now (${terminal.state.degraded}); nothing was clicked`,
        { hint: look },
      );
    }
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
    };
  }
}

function one(wanted: string, texts: readonly WindowText[]): Match {
  const matches = texts.flatMap((text) => matchesIn(text, wanted));
  const [first] = matches;
  const what = JSON.stringify(wanted);
  if (!first) {
    const unknown = texts.flatMap(({ source, window }) => (source === "none" && window?.id) || []);
    const unread = unknown.length > 0 ? `; the text of ${unknown.join(", ")} is not known` : "";
    throw new NexoraError(
      "not_found",
      `the screen does not show ${what}${unread}; nothing was clicked`,
      {
        hint: "`nexora screen --text` prints what it shows; `nexora wait --text RE` waits for it",
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
