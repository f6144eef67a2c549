import { NexoraError } from "../../src/contract/errors.ts";
import type { ManagedWindow } from "../../src/contract/window.ts";
import type { Point } from "../input/pointer.ts";
import type { RunnerClient } from "../runner/client.ts";
import { managedWindow } from "./windows.ts";

/** Most matches that an error lists. */
const listed = 10;

/** Finds where on the desktop a text stands, as far as text is known exactly: in the focused terminal. */
export class TextPlaces {
  constructor(private readonly runner: Pick<RunnerClient, "screen" | "windows">) {}

  /**
   * The middle of the one place where the text stands, and its window. Throws `not_found` and
   * `conflict`, which lists the rows.
   */
  async find(
    session: string,
    text: string,
    signal: AbortSignal,
  ): Promise<{ point: Point; window: ManagedWindow }> {
    const [{ focused, terminal }, { windows }] = await Promise.all([
      this.runner.screen(session, {}, signal),
      this.runner.windows(session, signal),
    ]);
    const window = windows.find(({ id }) => id === focused?.id);
    if (!window?.cells || terminal === null || focused?.terminal !== terminal.id) {
      throw new NexoraError("not_found", "the focused window is no terminal whose text is known", {
        hint: "look at a picture of it, and click at coordinates: `nexora screen -o FILE`",
      });
    }
    if (terminal.degraded !== null) {
      throw new NexoraError(
        "action_failed",
        `the terminal's text is not exact now (${terminal.degraded}); nothing was clicked`,
        { hint: "look at a picture of it, and click at coordinates: `nexora screen -o FILE`" },
      );
    }
    const { row, column, width } = only(text, matchesIn(terminal.lines, text));
    const { cells } = window;
    return {
      window: managedWindow(window),
      point: {
        x: window.x + cells.x + Math.floor((column + width / 2) * cells.width),
        y: window.y + cells.y + Math.floor((row + 0.5) * cells.height),
      },
    };
  }
}

/** In cells, from 0. */
interface Match {
  row: number;
  column: number;
  width: number;
  line: string;
}

function matchesIn(lines: readonly string[], text: string): Match[] {
  return lines.flatMap((line, row) => {
    const matches: Match[] = [];
    for (let at = line.indexOf(text); at >= 0; at = line.indexOf(text, at + text.length)) {
      matches.push({ row, column: cellsOf(line.slice(0, at)), width: cellsOf(text), line });
    }
    return matches;
  });
}

/** As a terminal counts, code point by code point: it knows of no clusters. */
function cellsOf(text: string): number {
  return [...text].reduce((sum, character) => sum + Bun.stringWidth(character), 0);
}

function only(text: string, matches: readonly Match[]): Match {
  const [first] = matches;
  const what = JSON.stringify(text);
  if (!first) {
    throw new NexoraError("not_found", `the screen does not show ${what}; nothing was clicked`, {
      hint: "`nexora screen --text` prints what it shows; `nexora wait --text RE` waits for it",
    });
  }
  if (matches.length === 1) return first;
  const rows = matches
    .slice(0, listed)
    .map(({ row, column, line }) => `row ${row + 1}, column ${column + 1}: ${line.trim()}`);
  throw new NexoraError(
    "conflict",
    `the screen shows ${what} ${matches.length} times; nothing was clicked`,
    {
      hint: `give more of the text: ${rows.join("; ")}`,
      details: {
        matches: matches.map(({ row, column }) => ({ row: row + 1, column: column + 1 })),
      },
    },
  );
}
