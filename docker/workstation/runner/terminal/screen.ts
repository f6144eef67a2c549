import type { RunnerMark } from "../../../../src/runner/terminal.ts";
import { Parser } from "./emulator/parser.ts";
import { resize } from "./emulator/resize.ts";
import { lineText } from "./emulator/text.ts";
import { Vt } from "./emulator/vt.ts";
import { highlights } from "./highlights.ts";
import { cursorPlace, isOnScreen, type Place, placeAbove, textBetween } from "./places.ts";
import { redraw } from "./redraw.ts";
import { characterWidths } from "./widths.ts";

/** Lines kept above the screen, by us and by xterm: 10,000 would cost xterm 40 MB. */
export const scrollbackLines = 3000;

/** Longest title that is kept, in characters, and how many titles programs may put aside. */
const maxTitle = 1000;
const maxTitles = 10;

export interface ScreenState {
  columns: number;
  rows: number;
  lines: string[];
  cursor: { x: number; y: number; visible: boolean };
  title: string;
  alternate: boolean;
  /** Why the lines may be wrong; null when they are what xterm shows. */
  degraded: string | null;
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
  private readonly titles: string[] = [];
  private readonly vt: Vt;
  private readonly parser: Parser;

  constructor(size: { columns: number; rows: number }, onMark: (data: string) => void) {
    const listener = {
      mark: onMark,
      title: (title: string) => {
        this.title = title.replace(/\p{Cc}/gu, "").slice(0, maxTitle);
      },
      titlePushed: () => {
        this.titles.push(this.title);
        if (this.titles.length > maxTitles) this.titles.shift();
      },
      titlePopped: () => {
        this.title = this.titles.pop() ?? this.title;
      },
      clearing: () => this.onClearing(),
      alternate: () => this.onAlternate(),
    };
    const { columns, rows } = size;
    this.vt = new Vt(columns, rows, scrollbackLines, listener, characterWidths());
    this.parser = new Parser(this.vt);
  }

  get columns(): number {
    return this.vt.columns;
  }

  get rows(): number {
    return this.vt.rows;
  }

  /** How many rows are kept above the screen. */
  get above(): number {
    return this.vt.scrollback.length;
  }

  /** Output takes an xterm that is scrolled back to the end. */
  get outputScrolls(): boolean {
    return this.vt.outputScrolls;
  }

  /** A program has asked for keys as their code and modifiers. */
  get keysAreCoded(): boolean {
    return this.vt.input.otherKeys > 0;
  }

  /** Shows output. */
  write(bytes: Uint8Array): void {
    this.parser.write(bytes);
  }

  resize(columns: number, rows: number): void {
    resize(this.vt, columns, rows);
  }

  /** The text, with up to `above` lines from above the screen first. */
  state(above: number): ScreenState {
    const { vt } = this;
    const kept = vt.isAlternate ? 0 : Math.min(above, vt.scrollback.length);
    const lines = above > 0 ? [...vt.scrollback].slice(vt.scrollback.length - kept) : [];
    return {
      columns: vt.columns,
      rows: vt.rows,
      lines: [...lines, ...vt.lines].map((line) => {
        const text = lineText(line, 0, vt.lastColumn(line) + 1);
        return text.endsWith(" ") ? text.replace(/ +$/, "") : text;
      }),
      cursor: { x: vt.column, y: vt.row, visible: vt.input.cursorVisible },
      title: this.title,
      alternate: vt.isAlternate,
      degraded: vt.doubt && `${vt.doubt}, which only the picture shows`,
    };
  }

  /** The cursor's place; null on the alternate screen. */
  place(): Place | null {
    return cursorPlace(this.vt);
  }

  /** The end of the row above the screen; null when there is none. */
  placeAbove(): Place | null {
    return placeAbove(this.vt);
  }

  isOnScreen(place: Place): boolean {
    return isOnScreen(this.vt, place);
  }

  /** The stretches on a background of their own, by their rows on the screen. */
  highlights(): RunnerMark[] {
    return highlights(this.vt);
  }

  /** The last `most` lines between two places; see `textBetween` of places.ts. */
  textBetween(from: Place | null, to: Place | null, most: number): string[] {
    return textBetween(this.vt, from, to, most);
  }

  /** The bytes that draw this screen, with its modes, on a terminal of the same size. */
  redraw(): string {
    return redraw(this.vt, this.title);
  }
}
