import { resetMargins } from "./cursor.ts";
import { Line } from "./line.ts";
import type { Vt } from "./vt.ts";

/**
 * Changes the size as xterm does (resizeGravity SouthWest): nothing is wrapped anew, lines go to and
 * come from above the screen.
 */
export function resize(vt: Vt, columns: number, rows: number): void {
  // Where the cursor would be below the screen, lines go at its top.
  const excess = Math.max(vt.row - (rows - 1), 0);
  for (const line of vt.lines.slice(0, excess)) vt.scrollback.push(line);
  let moved = -excess;
  const { isAlternate } = vt;
  const [visible, other] = isAlternate ? [vt.lines, vt.normal] : [vt.lines, vt.alternate];
  for (const lines of other ? [visible, other] : [visible]) {
    const cut = lines.splice(0, excess);
    for (const line of [...(lines === visible ? [] : cut), ...lines.splice(rows)])
      line.generation++;
    for (const line of lines) line.resize(columns);
    while (lines.length < rows) lines.push(new Line(columns));
  }
  if (rows > vt.rows) {
    moved = Math.min(rows - vt.rows, vt.scrollback.length);
    visible.splice(rows - moved, moved);
    for (let count = 0; count < moved; count++) {
      const line = vt.scrollback.pop() ?? new Line(columns);
      line.resize(columns);
      visible.unshift(line);
    }
    const [saved] = vt.saved;
    if (isAlternate && saved) saved.row += moved;
  }
  vt.columns = columns;
  vt.rows = rows;
  vt.row = Math.min(vt.row + moved, rows - 1);
  vt.column = Math.min(vt.column, columns - 1);
  resetMargins(vt);
  vt.modes.origin = false;
}
