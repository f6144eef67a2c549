import type { IBufferCell, Terminal } from "@xterm/headless";
import type { RunnerMark } from "../../../../src/runner/protocol.ts";

/** Most stretches that are told of one screen. */
const maxMarks = 300;

/**
 * The stretches of the screen that stand on another background than most of it, by reverse video or
 * by colour: what is selected, buttons, bars. Those that show no text are left out.
 */
export function highlights(emulator: Terminal): RunnerMark[] {
  const rows = Array.from({ length: emulator.rows }, (_, row) => stretches(emulator, row));
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
function stretches(emulator: Terminal, row: number): Stretch[] {
  const { active } = emulator.buffer;
  const line = active.getLine(active.baseY + row);
  const found: Stretch[] = [];
  let length = 0;
  const cell = active.getNullCell();
  for (let x = 0; x < emulator.cols; x++) {
    const it = line?.getCell(x, cell);
    // The second half of a wide character.
    if (!it || it.getWidth() === 0) continue;
    const chars = it.getChars() || " ";
    const background = backgroundOf(it);
    const last = found.at(-1);
    if (last?.background === background) last.text += chars;
    else found.push({ at: length, text: chars, background });
    length += chars.length;
  }
  return found;
}

function backgroundOf(cell: IBufferCell): string {
  const inverse = cell.isInverse() !== 0;
  if (inverse) return cell.isFgDefault() ? "text" : `${cell.getFgColorMode()} ${cell.getFgColor()}`;
  return cell.isBgDefault() ? "" : `${cell.getBgColorMode()} ${cell.getBgColor()}`;
}
