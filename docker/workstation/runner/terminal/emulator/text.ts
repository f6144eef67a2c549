import { hidden, type Line } from "./line.ts";

/** The text of a cell; none for the second half of a wide character, a space where nothing is. */
export function cellText(line: Line, column: number): string {
  const code = line.code(column);
  const combining = line.combining?.get(column) ?? "";
  if (code !== hidden) return (code === 0 ? " " : String.fromCodePoint(code)) + combining;
  // A second half that has lost its first shows nothing.
  return column > 0 && !line.isHidden(column - 1) ? combining : ` ${combining}`;
}

/** The text of a line from one cell up to, but without, another. */
export function lineText(line: Line, from: number, to: number): string {
  let text = "";
  for (let column = from; column < to; column++) text += cellText(line, column);
  return text;
}
