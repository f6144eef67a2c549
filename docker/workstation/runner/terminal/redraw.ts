import type { IBufferCell, IModes, Terminal } from "@xterm/headless";

/** The bytes that draw a terminal's screen, with colours, cursor and modes, on an empty one. */
export function redraw(terminal: Terminal, title: string, cursorVisible: boolean): string {
  const buffer = terminal.buffer.active;
  let out = title === "" ? "" : `\x1b]2;${title}\x1b\\`;
  if (buffer.type === "alternate") out += "\x1b[?1049h";
  out += "\x1b[0m\x1b[2J\x1b[H";
  const cell = buffer.getNullCell();
  let style = "0";
  for (let y = 0; y < terminal.rows; y++) {
    const line = buffer.getLine(buffer.baseY + y);
    if (!line) continue;
    const length = usedCells(terminal.cols, (x) => line.getCell(x, cell));
    if (length > 0) out += `\x1b[${y + 1}H`;
    for (let x = 0; x < length; x++) {
      const it = line.getCell(x, cell);
      // The second half of a wide character.
      if (!it || it.getWidth() === 0) continue;
      const wanted = sgr(it);
      if (wanted !== style) out += `\x1b[${wanted}m`;
      style = wanted;
      out += it.getChars() || " ";
    }
  }
  const cursor = `\x1b[${buffer.cursorY + 1};${Math.min(buffer.cursorX, terminal.cols - 1) + 1}H`;
  return `${out}\x1b[0m${modes(terminal.modes)}${cursor}${cursorVisible ? "" : "\x1b[?25l"}`;
}

/** Cells up to the last one that shows something. */
function usedCells(columns: number, at: (x: number) => IBufferCell | undefined): number {
  let length = columns;
  while (length > 0) {
    const cell = at(length - 1);
    if (!cell || cell.getWidth() === 0 || cell.getChars().trim() !== "" || sgr(cell) !== "0") break;
    length--;
  }
  return length;
}

/** Parameters of the SGR sequence that sets a cell's style from any other. */
function sgr(cell: IBufferCell): string {
  const codes = [0];
  if (cell.isAttributeDefault()) return "0";
  if (cell.isBold()) codes.push(1);
  if (cell.isDim()) codes.push(2);
  if (cell.isItalic()) codes.push(3);
  if (cell.isUnderline()) codes.push(4);
  if (cell.isBlink()) codes.push(5);
  if (cell.isInverse()) codes.push(7);
  if (cell.isInvisible()) codes.push(8);
  if (cell.isStrikethrough()) codes.push(9);
  if (cell.isOverline()) codes.push(53);
  if (cell.isFgPalette()) codes.push(38, 5, cell.getFgColor());
  if (cell.isFgRGB()) codes.push(38, 2, ...rgb(cell.getFgColor()));
  if (cell.isBgPalette()) codes.push(48, 5, cell.getBgColor());
  if (cell.isBgRGB()) codes.push(48, 2, ...rgb(cell.getBgColor()));
  return codes.join(";");
}

function rgb(color: number): [number, number, number] {
  return [(color >> 16) & 0xff, (color >> 8) & 0xff, color & 0xff];
}

function modes(modes: IModes): string {
  const mouse = { none: [], x10: [9], vt200: [1000, 1006], drag: [1002, 1006], any: [1003, 1006] };
  const decPrivate = [
    ...(modes.applicationCursorKeysMode ? [1] : []),
    ...(modes.bracketedPasteMode ? [2004] : []),
    ...(modes.sendFocusMode ? [1004] : []),
    ...mouse[modes.mouseTrackingMode],
  ];
  let out = decPrivate.map((mode) => `\x1b[?${mode}h`).join("");
  if (!modes.wraparoundMode) out += "\x1b[?7l";
  if (modes.applicationKeypadMode) out += "\x1b=";
  if (modes.insertMode) out += "\x1b[4h";
  return out;
}
