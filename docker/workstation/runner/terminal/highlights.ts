import type { RunnerMark } from "../../../../src/runner/terminal.ts";
import { attribute, type Line } from "./emulator/line.ts";
import { cellText } from "./emulator/text.ts";
import type { Vt } from "./emulator/vt.ts";

/** Most stretches that are told of one screen. */
const maxMarks = 300;

/**
 * The stretches of the screen that stand on another background than most of it, by reverse video or
 * by colour: what is selected, buttons, bars. Those that show no text are left out.
 */
export function highlights(vt: Vt): RunnerMark[] {
  const rows = vt.lines.map((line) => stretches(line, vt.lastColumn(line) + 1));
  const cells = new Map<string, number>();
  for (const { background, text } of rows.flat()) {
    cells.set(background, (cells.get(background) ?? 0) + text.length);
  }
  const [common] = [...cells].reduce((most, each) => (each[1] > most[1] ? each : most), ["", 0]);
  return rows
    .flatMap((row, at) => row.map((stretch) => ({ row: at, ...stretch })))
    .filter(({ background, text }) => background !== common && text.trim() !== "")
    .slice(0, maxMarks)
    .map(({ row, at, text }) => ({ row, at, text: text.trimEnd() }));
}

interface Stretch {
  /** Where it begins in the row's text. */
  at: number;
  text: string;
  background: string;
}

/** A row, cut where its background changes. */
function stretches(line: Line, columns: number): Stretch[] {
  const found: Stretch[] = [];
  let length = 0;
  for (let column = 0; column < columns; column++) {
    const text = cellText(line, column);
    // The second half of a wide character.
    if (text === "") continue;
    const background = backgroundOf(line, column);
    const last = found.at(-1);
    if (last?.background === background) last.text += text;
    else found.push({ at: length, text, background });
    length += text.length;
  }
  return found;
}

function backgroundOf(line: Line, column: number): string {
  if (((line.cells[column] ?? 0) & attribute.inverse) === 0) {
    return String(line.background[column] || "");
  }
  return String(line.foreground[column] || "text");
}
