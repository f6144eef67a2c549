import type { ScreenOptions, TextBlock } from "../../src/contract/screen.ts";
import { chosenRows, leavesOut, type Row, type RowMatches, textsOf } from "./rows.ts";
import type { WindowText } from "./window-text.ts";

/** Lines of a command's output that are given when nobody has said how many. */
const maxOutput = 1000;

/**
 * A window's text as a look wants it, with all that it says about it. `changed` says of each row whether
 * it has; null: that does not matter.
 */
export async function textBlock(
  text: WindowText,
  changed: readonly boolean[] | null,
  options: ScreenOptions,
  matches: RowMatches,
): Promise<TextBlock> {
  const { window, source, hides, terminal } = text;
  const candidates = changed ? text.rows.filter((_, at) => changed[at]) : text.rows;
  const chosen = await chosenRows(candidates, options, matches);
  const isCut = options.lastOutput && options.tail === undefined && chosen.length > maxOutput;
  const given = isCut ? chosen.slice(-maxOutput) : chosen;
  const cut = isCut ? [`these are the last ${maxOutput} of ${chosen.length} lines`] : [];
  const numbers = given.map(({ number }) => number);
  return {
    window: window?.id ?? null,
    title: window?.title ?? null,
    class: window?.class ?? null,
    source,
    region: window?.region ?? null,
    lines: textsOf(given),
    rows: leavesOut(options) || isCut || hides ? numbers : null,
    cursor: options.cursor && !options.lastOutput ? cursorOf(terminal, numbers) : null,
    marks: options.lastOutput ? null : marksOf(terminal, text.rows),
    refs: null,
    degraded: [...text.why, ...cut].join("; ") || null,
    terminal: terminal && factsOf(terminal.state),
  };
}

function cursorOf(terminal: WindowText["terminal"], numbers: readonly number[]) {
  if (!terminal) return null;
  const { cursor } = terminal.state;
  const row = cursor.y + terminal.above + 1;
  const at = numbers.indexOf(row);
  return { row, column: cursor.x + 1, line: at < 0 ? null : at + 1 };
}

/** What is highlighted, as far as nothing covers it. */
function marksOf(terminal: WindowText["terminal"], rows: readonly Row[]): TextBlock["marks"] {
  const marks = terminal?.state.marks?.map((mark) => ({
    ...mark,
    row: mark.row + (terminal?.above ?? 0) + 1,
  }));
  const texts = new Map(rows.map(({ number, text }) => [number, text]));
  return (
    marks?.filter(({ row, at, text }) => texts.get(row)?.startsWith(text.trimEnd(), at) === true) ??
    null
  );
}

function factsOf(state: NonNullable<WindowText["terminal"]>["state"]): TextBlock["terminal"] {
  const { columns, rows, cursor, alternate, prompt, exitStatus, command, lastCommand } = state;
  return { columns, rows, cursor, alternate, prompt, exitStatus, command, lastCommand };
}
