import { Terminal } from "@xterm/headless";
import type { RunnerMark } from "../../../../src/runner/protocol.ts";
import { highlights } from "./highlights.ts";
import { cursorPlace, isOnScreen, type Place, placeAbove, textBetween } from "./places.ts";
import { redraw } from "./redraw.ts";
import { unicodeWidths } from "./widths.ts";

/** Lines kept above the screen, by us and by xterm: 10,000 would cost xterm 40 MB. */
export const scrollbackLines = 3000;

/** Longest title that is kept, in characters. */
const maxTitle = 1000;

export interface ScreenState {
  columns: number;
  rows: number;
  lines: string[];
  cursor: { x: number; y: number; visible: boolean };
  title: string;
  alternate: boolean;
}

/**
 * The exact screen of a terminal: an emulator without a window, fed with the bytes that xterm
 * gets. It answers no queries: xterm does.
 */
export class TerminalScreen {
  title = "";
  /** Called before the whole normal screen is cleared. */
  onClearing: () => void = () => {};
  /** Called when the alternate screen is shown. */
  onAlternate: () => void = () => {};
  private cursorVisible = true;
  private disposed = false;
  private readonly settling = new Set<() => void>();
  private readonly emulator: Terminal;

  constructor(size: { columns: number; rows: number }, onMark: (data: string) => void) {
    const emulator = new Terminal({
      cols: size.columns,
      rows: size.rows,
      scrollback: scrollbackLines,
      allowProposedApi: true,
    });
    this.emulator = emulator;
    emulator.unicode.register(unicodeWidths());
    emulator.unicode.activeVersion = "current";
    emulator.onTitleChange((title) => {
      this.title = title.replace(/\p{Cc}/gu, "").slice(0, maxTitle);
    });
    const { parser } = emulator;
    parser.registerOscHandler(133, (data) => {
      onMark(data);
      return true;
    });
    const cursorMode = (visible: boolean) => (params: (number | number[])[]) => {
      if (params.includes(25)) this.cursorVisible = visible;
      return false;
    };
    parser.registerCsiHandler({ prefix: "?", final: "h" }, cursorMode(true));
    parser.registerCsiHandler({ prefix: "?", final: "l" }, cursorMode(false));
    parser.registerCsiHandler({ final: "J" }, ([mode]) => {
      const { type, cursorX, cursorY } = emulator.buffer.active;
      const whole = mode === 2 || (mode === 0 && cursorX === 0 && cursorY === 0);
      if (whole && type === "normal") this.onClearing();
      return false;
    });
    emulator.buffer.onBufferChange(({ type }) => {
      if (type === "alternate") this.onAlternate();
    });
    const reset = () => {
      this.cursorVisible = true;
      return false;
    };
    parser.registerEscHandler({ final: "c" }, reset);
    parser.registerCsiHandler({ intermediates: "!", final: "p" }, reset);
  }

  get columns(): number {
    return this.emulator.cols;
  }

  get rows(): number {
    return this.emulator.rows;
  }

  /** Feeds output; `parsed` is called when the screen shows it. */
  write(bytes: Uint8Array, parsed: () => void): void {
    this.emulator.write(bytes, parsed);
  }

  resize(columns: number, rows: number): void {
    this.emulator.resize(columns, rows);
  }

  /** Resolves when all that was written before is on the screen, or the screen is disposed of. */
  settled(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (this.disposed) return Promise.resolve();
    this.settling.add(resolve);
    this.emulator.write("", () => {
      this.settling.delete(resolve);
      resolve();
    });
    return promise;
  }

  /** The text, with up to `above` lines from above the screen first. */
  state(above: number): ScreenState {
    const buffer = this.emulator.buffer.active;
    const first = Math.max(0, buffer.baseY - above);
    const lines: string[] = [];
    for (let y = first; y < buffer.baseY + this.emulator.rows; y++) {
      const line = buffer.getLine(y)?.translateToString(true) ?? "";
      lines.push(line.endsWith(" ") ? line.replace(/ +$/, "") : line);
    }
    return {
      columns: this.emulator.cols,
      rows: this.emulator.rows,
      lines,
      cursor: {
        // Past the last column while a wrap is pending.
        x: Math.min(buffer.cursorX, this.emulator.cols - 1),
        y: buffer.cursorY,
        visible: this.cursorVisible,
      },
      title: this.title,
      alternate: buffer.type === "alternate",
    };
  }

  /** The cursor's place; null on the alternate screen. */
  place(): Place | null {
    return cursorPlace(this.emulator);
  }

  /** The end of the row above the screen; null when there is none. */
  placeAbove(): Place | null {
    return placeAbove(this.emulator);
  }

  isOnScreen(place: Place): boolean {
    return isOnScreen(this.emulator, place);
  }

  /** The stretches on a background of their own, by their rows on the screen. */
  highlights(): RunnerMark[] {
    return highlights(this.emulator);
  }

  /** The last `most` lines between two places; see `textBetween` of places.ts. */
  textBetween(from: Place | null, to: Place | null, most: number): string[] {
    return textBetween(this.emulator, from, to, most);
  }

  /** The bytes that draw this screen, with its modes, on an empty terminal of the same size. */
  redraw(): string {
    return redraw(this.emulator, this.title, this.cursorVisible);
  }

  dispose(): void {
    this.disposed = true;
    for (const resolve of this.settling) resolve();
    this.emulator.dispose();
  }
}
