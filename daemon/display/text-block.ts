import type { ScreenOptions, TextBlock } from "../../src/contract/screen.ts";
import type { RunnerPrinted, RunnerTerminal } from "../../src/runner/protocol.ts";
import { chosenRows, leavesOut, type Row, textsOf, withoutEnd } from "./rows.ts";
import type { TextRevs } from "./text-revs.ts";

/** Lines of a command's output that are given when nobody has said how many. */
const maxOutput = 1000;

const missingWords: Record<NonNullable<RunnerPrinted["missing"]>, string> = {
  scrolled: "its beginning has scrolled beyond the 3000 rows that are kept",
  cleared: "the screen was cleared: what was printed before is gone",
  "full-screen": "what a full-screen program has shown is not kept",
};

type TerminalText = Omit<TextBlock, "window" | "region">;

/** A terminal's text as a look wants it, with all that it says about it. */
export async function terminalText(
  terminal: RunnerTerminal,
  options: ScreenOptions,
  revs: TextRevs,
  matches: (pattern: string, texts: readonly string[]) => Promise<boolean[]>,
): Promise<TerminalText> {
  const { columns, rows, cursor, alternate, prompt, exitStatus, command, lastCommand } = terminal;
  const text = textOf(terminal, options);
  const all = text.lines.map((line, at): Row => ({ number: at + 1, text: line }));
  const changed = changedRows(all, options, revs);
  const chosen = await chosenRows(changed.rows, options, matches);
  const isCut = options.lastOutput && options.tail === undefined && chosen.length > maxOutput;
  const given = isCut ? chosen.slice(-maxOutput) : chosen;
  const cut = isCut ? `these are the last ${maxOutput} of ${chosen.length} lines` : null;
  const why = [terminal.degraded, text.why, changed.why, cut]
    .filter((it) => it !== null)
    .join("; ");
  // Scrollback, if any, comes first.
  const above = Math.max(0, text.lines.length - rows);
  const place = (row: number) => row + above + 1;
  const numbers = given.map(({ number }) => number);
  return {
    source: "terminal",
    lines: textsOf(given),
    rows: leavesOut(options) || isCut ? numbers : null,
    rev: revs.remember(text.lines),
    cursor:
      options.cursor && !options.lastOutput ? cursorIn(numbers, place(cursor.y), cursor.x) : null,
    marks: options.lastOutput
      ? null
      : (terminal.marks?.map((mark) => ({ ...mark, row: place(mark.row) })) ?? null),
    degraded: why === "" ? null : why,
    terminal: { columns, rows, cursor, alternate, prompt, exitStatus, command, lastCommand },
  };
}

function textOf(
  { lines, output, lastCommand }: RunnerTerminal,
  { lastOutput }: ScreenOptions,
): { lines: string[]; why: string | null } {
  if (!lastOutput) return { lines, why: null };
  if (!lastCommand) {
    return { lines: [], why: "no command is known: the shell has started none, or sends no marks" };
  }
  if (!output) return { lines: [], why: "what the last command has printed is not known" };
  return { lines: output.lines, why: output.missing && missingWords[output.missing] };
}

function changedRows(
  all: Row[],
  { changedSince }: ScreenOptions,
  revs: TextRevs,
): { rows: Row[]; why: string | null } {
  if (changedSince === undefined) return { rows: all, why: null };
  const changed = revs.changed(textsOf(all), changedSince);
  if (changed) return { rows: all.filter((_, at) => changed[at]), why: null };
  const why = `the text ${JSON.stringify(changedSince)} is not known any more: all rows are given`;
  return { rows: withoutEnd(all), why };
}

function cursorIn(numbers: readonly number[], row: number, x: number): TextBlock["cursor"] {
  const at = numbers.indexOf(row);
  return { row, column: x + 1, line: at < 0 ? null : at + 1 };
}
