import type { ScreenOptions } from "../../src/contract/screen.ts";
import type { RunnerPrinted, RunnerTerminal } from "../../src/runner/terminal.ts";
import type { Region } from "../display/types.ts";
import { numbered, type Row } from "./rows.ts";
import type { SeenWindow } from "./source.ts";
import { coverers, type WindowText } from "./window-text.ts";

const missingWords: Record<NonNullable<RunnerPrinted["missing"]>, string> = {
  scrolled: "its beginning has scrolled beyond the 3000 rows that are kept",
  cleared: "the screen was cleared: what was printed before is gone",
  "full-screen": "what a full-screen program has shown is not kept",
};

/** A terminal's text: what shows of its screen, scrollback first, or what the last command has printed. */
export function terminalText(
  state: RunnerTerminal,
  window: SeenWindow | null,
  { lastOutput }: Pick<ScreenOptions, "lastOutput">,
): WindowText {
  const above = lastOutput ? 0 : Math.max(0, state.lines.length - state.rows);
  const { rows, why, hides } = lastOutput
    ? { ...printed(state), hides: false }
    : showing(state, window, above);
  return {
    ...{
      window,
      source: "terminal",
      rows,
      hides,
      isPartial: false,
      boxes: new Map(),
      terminal: { state, above },
    },
    why: [state.degraded, why].filter((it) => it !== null),
  };
}

function printed({ output, lastCommand }: RunnerTerminal): { rows: Row[]; why: string | null } {
  if (!lastCommand) {
    return { rows: [], why: "no command is known: the shell has started none, or sends no marks" };
  }
  if (!output) return { rows: [], why: "what the last command has printed is not known" };
  return { rows: numbered(output.lines), why: output.missing && missingWords[output.missing] };
}

/**
 * The rows of which a cell shows; in place of cells that are covered they have spaces. Scrollback is
 * nowhere on the screen, and given as it is.
 */
function showing(
  { lines, rows, columns }: RunnerTerminal,
  window: SeenWindow | null,
  above: number,
): { rows: Row[]; why: string | null; hides: boolean } {
  const all = numbered(lines);
  if (!window || isWhole(window)) return { rows: all, why: null, hides: false };
  const { cells } = window;
  if (!cells) {
    const why = `some of it is hidden by ${coverers(window)}: which rows is not known`;
    return { rows: window.visible.length > 0 ? all : [], why, hides: window.visible.length === 0 };
  }
  let changed = 0;
  const visible = all.flatMap(({ number, text }, at): Row[] => {
    if (at < above) return [{ number, text }];
    const column = cellsThatShow(window, cells, at - above, columns);
    if (column.every(Boolean)) return [{ number, text }];
    changed++;
    return column.some(Boolean) ? [{ number, text: withHoles(text, column) }] : [];
  });
  const what = changed === rows ? "all rows are" : `${changed} of ${rows} rows are`;
  const why = changed > 0 ? `${what} hidden, wholly or in part, by ${coverers(window)}` : null;
  return { rows: visible, why, hides: visible.length < all.length };
}

/** Of each cell of a row, whether its middle is in a part that shows. */
function cellsThatShow(
  { region, visible }: SeenWindow,
  cells: Region,
  row: number,
  columns: number,
): boolean[] {
  const y = region.y + cells.y + (row + 0.5) * cells.height;
  const shows = new Array<boolean>(columns).fill(false);
  const left = region.x + cells.x + cells.width / 2;
  for (const part of visible) {
    if (y < part.y || y >= part.y + part.height) continue;
    const first = Math.max(0, Math.ceil((part.x - left) / cells.width));
    const end = Math.ceil((part.x + part.width - left) / cells.width);
    shows.fill(true, first, Math.max(first, Math.min(end, columns)));
  }
  return shows;
}

function isWhole({ region, visible: [first, ...others] }: SeenWindow): boolean {
  return first?.width === region.width && first.height === region.height && others.length === 0;
}

/** A row with spaces in the cells that do not show. */
function withHoles(text: string, shows: readonly boolean[]): string {
  let column = 0;
  const seen = [...text].map((character) => {
    // As a terminal counts, code point by code point: it knows of no clusters.
    const width = Bun.stringWidth(character);
    const cells = shows.slice(column, column + Math.max(width, 1));
    column += width;
    return cells.every(Boolean) ? character : " ".repeat(width);
  });
  return seen.join("").trimEnd();
}
